using System.Collections.Concurrent;
using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Server.Upstream;

/// <summary>Decides how a request is answered: the options, overridden by the model's name, while the failures last. Safe for any thread.</summary>
internal sealed class CallPlanner(UpstreamOptions options, TimeProvider time)
{
    // Counted per model name, so that tests that share an upstream do not use up each other's failures.
    private readonly ConcurrentDictionary<string, int> _asked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _firstAsked = new(StringComparer.Ordinal);

    /// <summary>The plan for a request.</summary>
    /// <exception cref="UnknownScenarioException">The model names a scenario that does not exist.</exception>
    public CallPlan Plan(string model)
    {
        var sim = SimModel.Parse(model);
        var name = sim?.Scenario ?? options.Scenario;
        var entry = ScenarioRegistry.Find(name) ?? throw new UnknownScenarioException(name);
        var tokens = sim?.Tokens ?? options.Tokens;
        return new CallPlan(
            Scenario(entry, model),
            tokens,
            sim?.Interval ?? options.Interval,
            options.FirstToken,
            options.Dialect,
            options.At ?? tokens * 2 / 3,
            sim?.LatencyStamps == true || options.LatencyStamps,
            options.Done ?? options.Dialect == UpstreamDialect.OpenAi);
    }

    private IScenario Scenario(ScenarioEntry entry, string model)
    {
        var first = options.FailFirst ?? entry.FailFirst;
        var request = first is not null || entry.Draw is not null ? _asked.AddOrUpdate(model, 1, static (_, seen) => seen + 1) : 0;
        var isFailing = first is null || request <= first;
        if (isFailing && entry.Flapping is { } flapping)
        {
            isFailing = flapping.Strikes(time.GetElapsedTime(_firstAsked.GetOrAdd(model, static (_, time) => time.GetTimestamp(), time)));
        }

        if (!isFailing) return AnswerScenario.Plain;
        return entry.Draw is { } names ? Drawn(names, request) : entry.Scenario;
    }

    private IScenario Drawn(IReadOnlyList<string> names, int request)
    {
        var draw = Mix((ulong)options.Seed + ((ulong)request * 0x9E3779B97F4A7C15));
        return draw % 100 < (ulong)options.Percent ? ScenarioRegistry.Find(names[(int)(draw / 100 % (ulong)names.Count)])!.Scenario : AnswerScenario.Plain;
    }

    // SplitMix64: the same draw for the same seed and request, on any machine. https://prng.di.unimi.it/splitmix64.c
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
