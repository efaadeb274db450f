using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Sluice.Diagnostics;

/// <summary>The labels that metrics carry. Each has few values: a name of the configuration, or a word of ours.</summary>
internal static class Tags
{
    /// <summary>What every gen_ai metric has to say.</summary>
    public static readonly Tag Chat = new("gen_ai.operation.name", "chat");

    /// <summary>The model, bounded: a name that is configured or has answered.</summary>
    public static Tag Model(string model) => new("gen_ai.request.model", model);

    /// <summary>The provider's name in the configuration.</summary>
    public static Tag Provider(string provider) => new("gen_ai.provider.name", provider);

    /// <summary>How something failed, in a word; null where it did not.</summary>
    public static Tag Error(string? errorType) => new("error.type", errorType);
}
