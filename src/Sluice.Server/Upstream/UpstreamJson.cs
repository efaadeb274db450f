using System.Text.Json.Serialization;

namespace Sluice.Server.Upstream;

/// <summary>The upstream's own documents as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UpstreamStatsDocument))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
