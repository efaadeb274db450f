namespace Sluice.Server.Upstream.Scenarios;

/// <summary>A fault that comes and goes, and is over after a while.</summary>
/// <param name="For">From a model's first request until it is over.</param>
/// <param name="Phase">How long it lasts each time, and how long it stays away; it begins with the fault.</param>
internal sealed record Flapping(TimeSpan For, TimeSpan Phase)
{
    /// <summary>Whether the fault is there.</summary>
    /// <param name="since">The time since the model's first request.</param>
    public bool Strikes(TimeSpan since) => since < For && (long)(since / Phase) % 2 == 0;
}
