namespace Sluice.Hosting;

/// <summary>What becomes of an answer that breaks off after some of it was shown.</summary>
public sealed class RescueSettings
{
    /// <summary>Whether it is carried on by another call.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether it begins anew where nobody can go on with it, for readers of Sluice's own events, who are told so.</summary>
    /// <value>Default true.</value>
    public bool Reset { get; set; } = true;

    /// <summary>The longest text, in bytes of JSON, that is carried on.</summary>
    /// <value>Default 1 MiB; 1 KiB to 256 MiB.</value>
    public int MaxBytes { get; set; } = 1024 * 1024;
}
