namespace Sluice.Pipeline;

/// <summary>What becomes of an answer that breaks off after some of it was shown.</summary>
internal sealed record RescueOptions
{
    /// <summary>Whether it is carried on at all.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it begins anew, where it cannot be carried on and the reader can be told so.</summary>
    /// <value>Default true.</value>
    public bool Reset { get; init; } = true;

    /// <summary>The longest text, in bytes of JSON, that is carried on.</summary>
    /// <value>Default 1 MiB.</value>
    public int MaxBytes { get; init; } = 1024 * 1024;
}
