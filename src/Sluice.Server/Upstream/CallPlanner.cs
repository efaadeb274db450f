using System.Collections.Concurrent;
using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Server.Upstream;

/// <summary>Decides how a request is answered: the options, overridden by the model's name, while the failures last. Safe for any thread.</summary>
internal sealed class CallPlanner(UpstreamOptions options)
{
    // Counted per model name, so that tests that share an upstream do not use up each other's failures.
    private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>The plan for a request.</summary>
    /// <exception cref="UnknownScenarioException">The model names a scenario that does not exist.</exception>
    public CallPlan Plan(string model)
    {
        var sim = SimModel.Parse(model);
        var name = sim?.Scenario ?? options.Scenario;
        var entry = ScenarioRegistry.Find(name) ?? throw new UnknownScenarioException(name);
        var tokens = sim?.Tokens ?? options.Tokens;
        return new CallPlan(
            Failing(entry, model) ? entry.Scenario : AnswerScenario.Plain,
            tokens,
            sim?.Interval ?? options.Interval,
            options.FirstToken,
            options.Dialect,
            options.At ?? tokens * 2 / 3,
            sim?.LatencyStamps == true || options.LatencyStamps,
            options.Done ?? options.Dialect == UpstreamDialect.OpenAi);
    }

    private bool Failing(ScenarioEntry entry, string model)
    {
        if ((options.FailFirst ?? entry.FailFirst) is not { } first) return true;
        return _failures.AddOrUpdate(model, 1, static (_, seen) => seen + 1) <= first;
    }
}
