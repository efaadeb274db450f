namespace Sluice.Server.Upstream.Answers;

/// <summary>What every event of one answer repeats.</summary>
/// <param name="Id">The completion's id.</param>
/// <param name="Model">The model as it was asked for.</param>
/// <param name="Created">Seconds since 1970.</param>
/// <param name="Tool">Name of the tool to call, when the answer calls tools.</param>
/// <param name="Usage">Whether the client asked for usage: then every chunk carries the field.</param>
internal sealed record AnswerHead(string Id, string Model, long Created, string Tool = "get_weather", bool Usage = false);
