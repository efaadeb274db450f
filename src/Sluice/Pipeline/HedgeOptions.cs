namespace Sluice.Pipeline;

/// <summary>When a second target is asked beside a first one that is slow to begin, and how often that may be.</summary>
internal sealed record HedgeOptions
{
    /// <summary>How long the first target may say nothing until a second one is asked too.</summary>
    /// <value>Null: as long as 95 of its last hundred answers took to begin.</value>
    public TimeSpan? Delay { get; init; }

    /// <summary>How many second calls there may be for a hundred questions.</summary>
    /// <value>Default 10; 1 to 100.</value>
    public int MaxPercent { get; init; } = 10;
}
