namespace Sluice.Hosting;

/// <summary>When a model's question is asked of a second target too, since the first is slow to begin: whoever says something first gives the answer.</summary>
public sealed class HedgeSettings
{
    /// <summary>Whether that may be.</summary>
    /// <value>Default false: it costs a second call.</value>
    public bool Enabled { get; set; }

    /// <summary>How long the first target may say nothing.</summary>
    /// <value>Unset: as long as 95 of its last hundred answers took to begin, once there have been 20. 1 ms to 10 min.</value>
    public TimeSpan? Delay { get; set; }

    /// <summary>How many second calls there may be for a hundred questions.</summary>
    /// <value>Default 10; 1 to 100.</value>
    public int MaxPercent { get; set; } = 10;
}
