using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>What came of one generation.</summary>
/// <param name="Model">The model, as metrics call it.</param>
/// <param name="Seconds">The whole of it.</param>
/// <param name="FirstToken">From the question to the first token, in seconds; null where none came.</param>
/// <param name="Input">Prompt tokens.</param>
/// <param name="Output">Answer tokens.</param>
/// <param name="ErrorType">An error code, <c>cancelled</c>, or null for a whole answer.</param>
internal sealed record GenerationReport(string Model, double Seconds, double? FirstToken, TokenCount Input, TokenCount Output, string? ErrorType)
{
    /// <value>From one token to the next, in seconds, the mean; null where there were less than two.</value>
    public double? PerToken => FirstToken is { } first && Output.Tokens > 1 ? (Seconds - first) / (Output.Tokens - 1) : null;
}
