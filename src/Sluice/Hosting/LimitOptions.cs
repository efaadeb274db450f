namespace Sluice.Hosting;

/// <summary>Sizes.</summary>
public sealed class LimitOptions
{
    /// <summary>The largest request body, in bytes.</summary>
    /// <value>Default 32 MiB; 1 KiB to 1 GiB.</value>
    public int MaxRequestBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>The largest event that is taken from an upstream, in bytes.</summary>
    /// <value>Default 8 MiB; 1 KiB to 256 MiB.</value>
    public int MaxEventBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many chunks of one answer may be no JSON before it fails.</summary>
    /// <value>Default 16; 0 to 10,000.</value>
    public int MaxMalformedChunks { get; set; } = 16;
}
