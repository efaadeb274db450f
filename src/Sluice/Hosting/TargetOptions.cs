namespace Sluice.Hosting;

/// <summary>One upstream's model behind a name.</summary>
public sealed class TargetOptions
{
    /// <summary>A name of <see cref="SluiceOptions.Providers"/>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The model's name there.</summary>
    /// <value>Unset: the provider's own default.</value>
    public string? Model { get; set; }

    /// <summary>Lower is asked first; targets of one priority share the questions.</summary>
    /// <value>Unset: its place in the list, so that each is asked only where the one before it failed. 1 to 1,000.</value>
    public int? Priority { get; set; }

    /// <summary>The share of questions among targets of one priority. Where all weigh the same, the faster one of two is asked.</summary>
    /// <value>Default 1; 1 to 1,000.</value>
    public int Weight { get; set; } = 1;

    /// <summary>How many answers may come from this target at once; what is over that goes to the next.</summary>
    /// <value>Unset: any number. 1 to 1,000,000.</value>
    public int? MaxConcurrency { get; set; }

    /// <summary>Limits that differ from the provider's.</summary>
    public TimeoutOptions Timeouts { get; set; } = new();
}
