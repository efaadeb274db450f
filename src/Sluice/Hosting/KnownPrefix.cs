using Sluice.Pipeline;

namespace Sluice.Hosting;

/// <summary>What a provider does with a text that stands as the assistant's last message: as configured, else by its address.</summary>
/// <remarks>Only where it is sure: an upstream that does not know the field answers from the start, and what it says would be taken for the rest. Bella's
/// messages have no such field, and it drops those that it does not know.</remarks>
internal static class KnownPrefix
{
    /// <summary>The words of the setting.</summary>
    public static IReadOnlyList<string> Words { get; } = ["none", "deepseek", "mistral", "vllm"];

    /// <summary>How a provider is asked to continue.</summary>
    public static PrefixStyle Of(ProviderOptions provider) => provider.Rescue.Prefix?.ToLowerInvariant() switch
    {
        "deepseek" => PrefixStyle.DeepSeek,
        "mistral" => PrefixStyle.Mistral,
        "vllm" => PrefixStyle.Vllm,
        null => ByAddress(provider),
        _ => PrefixStyle.None,
    };

    private static PrefixStyle ByAddress(ProviderOptions provider)
    {
        if (!string.Equals(provider.Type, "openai", StringComparison.OrdinalIgnoreCase) || !Uri.TryCreate(provider.BaseUrl, UriKind.Absolute, out var url))
        {
            return PrefixStyle.None;
        }

        return url.Host switch
        {
            "api.mistral.ai" => PrefixStyle.Mistral,
            "api.deepseek.com" when url.AbsolutePath.TrimEnd('/').EndsWith("/beta", StringComparison.Ordinal) => PrefixStyle.DeepSeek,
            _ => PrefixStyle.None,
        };
    }
}
