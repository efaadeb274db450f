namespace Sluice.Hosting;

/// <summary>How it is found out how providers do, besides by asking them.</summary>
public sealed class HealthSettings
{
    /// <summary>How often each provider is asked for its models, only to see that it answers.</summary>
    /// <value>Default 0: never; up to 1 day, at most once a second.</value>
    public TimeSpan ProbeEvery { get; set; }
}
