namespace Sluice.Pipeline;

/// <summary>When a target that fails is no longer asked, and for how long.</summary>
internal sealed record BreakerOptions
{
    /// <summary>Whether targets are left alone at all.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; init; } = true;

    /// <summary>The share of failed calls, in hundredths, from which on a target is left alone.</summary>
    /// <value>Default 50; 1 to 100.</value>
    public int FailurePercent { get; init; } = 50;

    /// <summary>The time over which the share is taken.</summary>
    /// <value>Default 30 s; at least 1 s.</value>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls there have to be in that time before a share says anything.</summary>
    /// <value>Default 6; at least 2.</value>
    public int MinimumCalls { get; init; } = 6;

    /// <summary>How long a target is left alone before one question tries it again.</summary>
    /// <value>Default 10 s; at least 1 s.</value>
    public TimeSpan Break { get; init; } = TimeSpan.FromSeconds(10);
}
