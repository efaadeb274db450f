namespace Sluice.Pipeline;

/// <summary>That a model's questions may be asked of a second target beside a slow first one. One for each model of a configuration that says so.</summary>
/// <param name="options">When, and how often.</param>
internal sealed class Hedging(HedgeOptions options)
{
    /// <summary>How often that may be.</summary>
    public HedgeBudget Budget { get; } = new(options.MaxPercent);

    /// <summary>How long a target may say nothing until a second one is asked too.</summary>
    /// <returns>Null where too little is known of the target to call it slow.</returns>
    public TimeSpan? DelayFor(ChatTarget target) => options.Delay ?? target.Health.SlowFirstToken;
}
