namespace Sluice.Streams;

/// <summary>The bounds of a stream. One instance, changed in place when the configuration is reloaded; new streams see new values.</summary>
internal sealed class StreamOptions
{
    /// <summary>Silence after which a viewer gets a keep-alive comment.</summary>
    /// <value>Default 15 s; 1 s to 300 s.</value>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many events the producer may lead the fastest viewer by before it stops reading upstream.</summary>
    /// <value>Default 100.</value>
    public int MaxLead { get; set; } = 100;

    /// <summary>How long a generation goes on that nobody watches.</summary>
    /// <value>Default 10 min.</value>
    public TimeSpan Unwatched { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an ended stream can still be read, counted from its end.</summary>
    /// <value>Default 10 min.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many bytes of ended streams are kept in all; the oldest go first.</summary>
    /// <value>Default 64 MiB.</value>
    public long MaxRetainedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>From how many missed events on a viewer of a running stream gets a snapshot instead of all of them.</summary>
    /// <value>Default 1,000.</value>
    public int SnapshotAfter { get; set; } = 1000;

    /// <summary>How many events of a stream's log are kept. Older ones become part of its snapshot.</summary>
    /// <value>Default 20,000.</value>
    public int MaxLogEvents { get; set; } = 20_000;

    /// <summary>How many bytes a stream's log and snapshot may need. What is older becomes part of the snapshot; an answer whose text alone is larger fails.</summary>
    /// <value>Default 8 MiB.</value>
    public long MaxLogBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many bytes all streams, running and ended, may need before ended ones go, running ones keep little of their logs and no new one starts.</summary>
    /// <value>Default 512 MiB.</value>
    public long MaxTotalBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>How many events a viewer may lag before it is let go.</summary>
    /// <value>Default 5,000.</value>
    public int MaxLagEvents { get; set; } = 5000;

    /// <summary>How many bytes a viewer may lag before it is let go.</summary>
    /// <value>Default 1 MiB.</value>
    public long MaxLagBytes { get; set; } = 1024 * 1024;

    /// <summary>How long a viewer's connection may take nothing before it is let go.</summary>
    /// <value>Default 20 s.</value>
    public TimeSpan MaxBlocked { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many generations may run at once.</summary>
    /// <value>Unlimited; the server sets it by what the process has descriptors for.</value>
    public int MaxStreams { get; set; } = int.MaxValue;
}
