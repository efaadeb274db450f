namespace Sluice.Server.Upstream;

/// <summary>How the scripted upstream behaves when a request's model says nothing else.</summary>
internal sealed record UpstreamOptions
{
    /// <value>The TCP port on 127.0.0.1; 0 takes a free one.</value>
    public int Port { get; init; }

    /// <value>A name of <see cref="Scenarios.ScenarioRegistry"/>.</value>
    public string Scenario { get; init; } = "ok";

    /// <value>Tokens of an answer.</value>
    public int Tokens { get; init; } = 60;

    /// <value>Time between two tokens.</value>
    public TimeSpan Interval { get; init; }

    /// <value>Time from the request to the first token; null leaves it to the scenario, most of which do not wait.</value>
    public TimeSpan? FirstToken { get; init; }

    public UpstreamDialect Dialect { get; init; }

    /// <value>After how many tokens a fault strikes; null means two thirds of them.</value>
    public int? At { get; init; }

    /// <value>Only so many requests of a model get the scenario, later ones are fine; null means all.</value>
    public int? FailFirst { get; init; }

    /// <value>What the faults of the scenario `random` are drawn from.</value>
    public long Seed { get; init; } = 1;

    /// <value>How many requests of a hundred the scenario `random` lets fail.</value>
    public int Percent { get; init; } = 30;

    /// <value>Whether every token carries the moment at which it was written.</value>
    public bool LatencyStamps { get; init; }

    /// <value>Whether `[DONE]` ends a stream; null means as the dialect does (Bella leaves it out).</value>
    public bool? Done { get; init; }
}
