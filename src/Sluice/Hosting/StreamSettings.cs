namespace Sluice.Hosting;

/// <summary>How long streams outlive their viewers and their own end, how much of them is kept, and when a viewer is too slow.</summary>
public sealed class StreamSettings
{
    /// <summary>How long a generation goes on that nobody watches, where it was asked to detach.</summary>
    /// <value>Default 10 min; 1 s to 1 day.</value>
    public TimeSpan Unwatched { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an ended stream can still be read, counted from its end.</summary>
    /// <value>Default 10 min; 1 s to 1 day.</value>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many bytes of ended streams are kept in memory in all; the oldest go first.</summary>
    /// <value>Default 64 MiB; 0 to 2,147,483,647.</value>
    public int MaxRetainedBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many bytes all streams, running and ended, may need. Beyond it ended ones go, running ones keep little of their logs, and no new one starts.</summary>
    /// <value>Default 512 MiB; 1 MiB to 2,147,483,647.</value>
    public int MaxTotalBytes { get; set; } = 512 * 1024 * 1024;

    /// <summary>How many bytes of one stream are kept. What is older becomes part of its snapshot; an answer whose text alone is larger fails.</summary>
    /// <value>Default 8 MiB; 64 KiB to 2,147,483,647.</value>
    public int MaxLogBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many events of one stream are kept. Older ones become part of its snapshot.</summary>
    /// <value>Default 20,000; 100 to 2,147,483,647.</value>
    public int MaxLogEvents { get; set; } = 20_000;

    /// <summary>How many bytes a viewer may lag behind a running stream before its connection is closed; it may come back.</summary>
    /// <value>Default 1 MiB; 64 KiB to 2,147,483,647.</value>
    public int MaxLagBytes { get; set; } = 1024 * 1024;

    /// <summary>How many events a viewer may lag behind a running stream before its connection is closed; it may come back.</summary>
    /// <value>Default 5,000; 200 to 2,147,483,647.</value>
    public int MaxLagEvents { get; set; } = 5000;

    /// <summary>How long a viewer's connection may take nothing of what waits for it before it is closed; it may come back.</summary>
    /// <value>Default 20 s; 1 s to 1 h.</value>
    public TimeSpan MaxBlocked { get; set; } = TimeSpan.FromSeconds(20);
}
