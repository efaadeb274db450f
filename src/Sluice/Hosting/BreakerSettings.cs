namespace Sluice.Hosting;

/// <summary>When a target that fails is no longer asked, and for how long.</summary>
public sealed class BreakerSettings
{
    /// <summary>Whether targets that fail are left alone at all.</summary>
    /// <value>Default true.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The share of failed calls, in hundredths, from which on a target is left alone.</summary>
    /// <value>Default 50; 1 to 100.</value>
    public int FailurePercent { get; set; } = 50;

    /// <summary>The time over which the share is taken.</summary>
    /// <value>Default 30 s; 1 s to 1 h.</value>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many calls there have to be in that time before a share says anything.</summary>
    /// <value>Default 6; 2 to 10,000.</value>
    public int MinimumCalls { get; set; } = 6;

    /// <summary>How long a target is left alone before one question tries it again.</summary>
    /// <value>Default 10 s; 1 s to 1 h.</value>
    public TimeSpan Break { get; set; } = TimeSpan.FromSeconds(10);
}
