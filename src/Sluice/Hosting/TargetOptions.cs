namespace Sluice.Hosting;

/// <summary>One upstream's model behind a name.</summary>
public sealed class TargetOptions
{
    /// <summary>A name of <see cref="SluiceOptions.Providers"/>.</summary>
    public string Provider { get; set; } = "";

    /// <summary>The model's name there.</summary>
    /// <value>Unset: the provider's own default.</value>
    public string? Model { get; set; }

    /// <summary>Limits that differ from the provider's.</summary>
    public TimeoutOptions Timeouts { get; set; } = new();
}
