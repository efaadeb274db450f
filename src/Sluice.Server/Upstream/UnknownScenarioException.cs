using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Server.Upstream;

/// <summary>No scenario has that name; the message lists those that exist.</summary>
internal sealed class UnknownScenarioException(string name)
    : Exception($"Unknown scenario '{name}'. The scenarios are: {string.Join(", ", ScenarioRegistry.All.Select(e => e.Name))}.");
