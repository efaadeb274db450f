using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Server.Upstream;

/// <summary>How one request is to be answered: the options, with what the model's name overrides.</summary>
/// <param name="Scenario">What happens.</param>
/// <param name="Tokens">Tokens of the text.</param>
/// <param name="Interval">Time between two tokens.</param>
/// <param name="FirstToken">Time to the first token; null leaves it to the scenario.</param>
/// <param name="Dialect">How the upstream speaks.</param>
/// <param name="At">After how many tokens a fault strikes.</param>
/// <param name="LatencyStamps">Whether tokens carry the moment of writing.</param>
/// <param name="Done">Whether `[DONE]` ends the stream.</param>
internal sealed record CallPlan(
    IScenario Scenario, int Tokens, TimeSpan Interval, TimeSpan? FirstToken, UpstreamDialect Dialect, int At, bool LatencyStamps, bool Done);
