namespace Sluice.Pipeline;

/// <summary>How often, how soon and for how long a question is asked again while nothing of an answer has been shown.</summary>
internal sealed record RetryOptions
{
    /// <summary>How often the same target is asked again after its first try.</summary>
    /// <value>Default 2; 0 to 10.</value>
    public int Retries { get; init; } = 2;

    /// <summary>The longest pause before the first retry; it doubles with each further one. The pause itself is drawn between zero and this.</summary>
    /// <value>Default 250 ms.</value>
    public TimeSpan BaseDelay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What the longest pause grows to at most.</summary>
    /// <value>Default 4 s.</value>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest pause that an upstream may ask for. Where it asks for more, the next target is asked instead.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan MaxRetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How many upstream calls one question may cost, over all targets.</summary>
    /// <value>Default 8.</value>
    public int MaxAttempts { get; init; } = 8;

    /// <summary>How long all tries of one question may take together, pauses included, until an answer is under way. The first try alone is bounded by its own time limits only.</summary>
    /// <value>Default 5 min.</value>
    public TimeSpan Within { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How many retries there may be for a hundred questions, over all models: what keeps an outage from being answered with a storm.</summary>
    /// <value>Default 20.</value>
    public int BudgetPercent { get; init; } = 20;
}
