namespace Sluice.Hosting;

/// <summary>One model that may be asked for.</summary>
public sealed class ModelOptions
{
    /// <summary>Who answers: the first target. At least one.</summary>
    public IList<TargetOptions> Targets { get; set; } = [];
}
