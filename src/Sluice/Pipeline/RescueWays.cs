namespace Sluice.Pipeline;

/// <summary>How a target can go on with an answer that has broken off elsewhere.</summary>
internal sealed record RescueWays
{
    /// <summary>How it is asked to continue a text.</summary>
    /// <value>Default: it cannot be.</value>
    public PrefixStyle Prefix { get; init; }

    /// <summary>Whether it is asked from the start, and what it says is held back while it is what has been shown.</summary>
    /// <value>Default true.</value>
    public bool Restart { get; init; } = true;

    /// <summary>Whether it may be asked in a further turn to go on, though where that goes on is a guess.</summary>
    /// <value>Default false.</value>
    public bool UserTurn { get; init; }
}
