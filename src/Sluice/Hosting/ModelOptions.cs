namespace Sluice.Hosting;

/// <summary>One model that may be asked for.</summary>
public sealed class ModelOptions
{
    /// <summary>Who answers: the first target, the others where it cannot. At least one.</summary>
    public IList<TargetOptions> Targets { get; set; } = [];

    /// <summary>What is said instead of an answer when none of the targets can give one. Clients get it as an answer; native viewers are told that it is the last resort.</summary>
    /// <value>Unset: an error that says who was asked and when to come back.</value>
    public string? Fallback { get; set; }

    /// <summary>Whether a second target is asked beside a slow first one.</summary>
    public HedgeSettings Hedge { get; set; } = new();

    /// <summary>How much all callers together may ask it.</summary>
    public QuotaSettings Limits { get; set; } = new();

    /// <summary>What it costs.</summary>
    /// <value>Unset: as <see cref="SluiceOptions.Price"/>.</value>
    public PriceSettings Price { get; set; } = new();
}
