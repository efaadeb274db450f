using System.Text.Json.Serialization;

namespace Sluice.Server.FaultSuite;

/// <summary>The reports as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, UseStringEnumConverter = true)]
[JsonSerializable(typeof(FaultReport))]
[JsonSerializable(typeof(RandomReport))]
internal sealed partial class FaultJson : JsonSerializerContext;
