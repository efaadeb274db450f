using System.Text.Json.Serialization;

namespace Sluice.Server.Load;

/// <summary>What a run measured, as `--json` writes it.</summary>
internal sealed record LoadReport
{
    public required string Url { get; init; }

    public required string Dialect { get; init; }

    public string? Model { get; init; }

    public required int Streams { get; init; }

    public required int Concurrency { get; init; }

    /// <value>Streams with a truthful end.</value>
    public required long Ok { get; init; }

    public required long Failed { get; init; }

    /// <value>Streams given up because the run was stopped.</value>
    public required long Stopped { get; init; }

    public required double Seconds { get; init; }

    public required long Tokens { get; init; }

    public required double TokensPerSecond { get; init; }

    public required long Bytes { get; init; }

    /// <value>Request to first token, microseconds.</value>
    public LatencyReport? TtftUs { get; init; }

    /// <value>Between two tokens of a stream, microseconds.</value>
    public LatencyReport? GapUs { get; init; }

    /// <value>Upstream's write to arrival, microseconds; null without latency stamps.</value>
    public LatencyReport? DeliveryUs { get; init; }

    /// <value>Failed streams by kind.</value>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }

    public required IReadOnlyList<ProcessReport> Processes { get; init; }

    /// <value>Whether any stream failed.</value>
    [JsonIgnore]
    public bool HasFailures => Failed > 0;
}
