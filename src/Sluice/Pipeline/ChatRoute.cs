namespace Sluice.Pipeline;

/// <summary>Where a model's questions go: its targets, the preferred one first.</summary>
/// <param name="Model">The model's name as asked for.</param>
/// <param name="Targets">At least one.</param>
internal sealed record ChatRoute(string Model, IReadOnlyList<ChatTarget> Targets)
{
    /// <summary>When a second target is asked beside a slow first one; null for never.</summary>
    public Hedging? Hedging { get; init; }
}
