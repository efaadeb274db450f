namespace Sluice.Server.Upstream.Scenarios;

/// <summary>A scenario under the name that users type.</summary>
/// <param name="Name">Lower case, words joined by `-`.</param>
/// <param name="Description">One line for `upstream --list`.</param>
/// <param name="Scenario">What happens.</param>
/// <param name="FailFirst">How many requests of a model get it when the user does not say; null means all.</param>
internal sealed record ScenarioEntry(string Name, string Description, IScenario Scenario, int? FailFirst = null)
{
    /// <summary>When it comes and goes with the time; null for always.</summary>
    public Flapping? Flapping { get; init; }

    /// <summary>The names of which one is drawn for each request that is to fail; null where <see cref="Scenario"/> is it.</summary>
    public IReadOnlyList<string>? Draw { get; init; }
}
