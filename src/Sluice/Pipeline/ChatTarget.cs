using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>One upstream that can answer for a model.</summary>
/// <param name="ProviderName">The provider's name in the configuration.</param>
/// <param name="Provider">The provider, with its limits around it.</param>
/// <param name="Model">The model's name there; null takes the provider's own first model.</param>
internal sealed record ChatTarget(string ProviderName, IChatProvider Provider, string? Model);
