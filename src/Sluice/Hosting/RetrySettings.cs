namespace Sluice.Hosting;

/// <summary>How often, how soon and for how long a question is asked again while nothing of an answer has been shown.</summary>
public sealed class RetrySettings
{
    /// <summary>How often the same target is asked again after its first try.</summary>
    /// <value>Default 2; 0 to 10.</value>
    public int Retries { get; set; } = 2;

    /// <summary>The longest pause before the first retry; it doubles with each further one. The pause itself is drawn between zero and this.</summary>
    /// <value>Default 250 ms; 0 to 1 min.</value>
    public TimeSpan BaseDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>What the longest pause grows to at most.</summary>
    /// <value>Default 4 s; 0 to 10 min.</value>
    public TimeSpan MaxDelay { get; set; } = TimeSpan.FromSeconds(4);

    /// <summary>The longest pause that an upstream may ask for. Where it asks for more, the next target is asked instead.</summary>
    /// <value>Default 5 s; 0 to 10 min.</value>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many upstream calls one question may cost, over all targets.</summary>
    /// <value>Default 8; 1 to 100.</value>
    public int MaxAttempts { get; set; } = 8;

    /// <summary>How long all tries of one question may take together until an answer is under way. The first try alone is bounded by its own time limits only.</summary>
    /// <value>Default 5 min; 1 s to 1 day.</value>
    public TimeSpan Within { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many retries there may be for a hundred questions, over all models.</summary>
    /// <value>Default 20; 0 to 1,000.</value>
    public int BudgetPercent { get; set; } = 20;
}
