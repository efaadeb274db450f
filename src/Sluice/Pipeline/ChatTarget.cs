using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>One upstream that can answer for a model.</summary>
/// <param name="ProviderName">The provider's name in the configuration.</param>
/// <param name="Provider">The provider, with its limits around it.</param>
/// <param name="Model">The model's name there; null takes the provider's own first model.</param>
internal sealed record ChatTarget(string ProviderName, IChatProvider Provider, string? Model)
{
    /// <summary>Lower is asked first; equal ones share the questions.</summary>
    public int Priority { get; init; } = 1;

    /// <summary>The share of questions among equals. Where all weigh the same, the faster one of two is asked instead.</summary>
    /// <value>At least 1.</value>
    public int Weight { get; init; } = 1;

    /// <summary>Whether it is only asked when nobody else can answer, and viewers are told so.</summary>
    public bool IsLastResort { get; init; }

    /// <summary>How it can go on with an answer that has broken off.</summary>
    public RescueWays Rescue { get; init; } = new();

    /// <summary>How it does.</summary>
    public TargetHealth Health { get; init; } = new(TimeProvider.System);

    /// <summary>What people call it.</summary>
    public string Name => Model is null ? ProviderName : $"{ProviderName}/{Model}";
}
