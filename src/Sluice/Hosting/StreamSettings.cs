namespace Sluice.Hosting;

/// <summary>How long streams outlive their viewers and their own end.</summary>
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
}
