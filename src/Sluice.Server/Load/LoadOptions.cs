namespace Sluice.Server.Load;

/// <summary>What `load` is to do.</summary>
internal sealed record LoadOptions
{
    /// <value>Where to ask.</value>
    public required LoadTarget Target { get; init; }

    /// <value>Streams to measure, 1 or more.</value>
    public int Streams { get; init; } = 100;

    /// <value>How many at once, 1 or more.</value>
    public int Concurrency { get; init; } = 10;

    /// <value>Streams before the measured ones, not counted in anything.</value>
    public int Warmup { get; init; }

    /// <value>The model to ask for, or null to name none.</value>
    public string? Model { get; init; }

    /// <value>The question.</value>
    public string Prompt { get; init; } = "Tell me about rivers.";

    /// <value>Time over which the first streams are started, evenly.</value>
    public TimeSpan Ramp { get; init; }

    /// <value>Silence after which a stream counts as failed.</value>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <value>Further request headers.</value>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <value>Processes whose CPU time and memory are read from /proc.</value>
    public IReadOnlyList<int> Pids { get; init; } = [];
}
