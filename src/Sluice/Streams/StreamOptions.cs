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

    /// <summary>How many events without meaning (a role, filter results) are held back, so that an early failure can still be an HTTP error.</summary>
    /// <value>Default 64.</value>
    public int MaxPreambleEvents { get; set; } = 64;

    /// <summary>How many bytes of them.</summary>
    /// <value>Default 256 KiB.</value>
    public int MaxPreambleBytes { get; set; } = 256 * 1024;
}
