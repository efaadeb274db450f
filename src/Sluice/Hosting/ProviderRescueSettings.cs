namespace Sluice.Hosting;

/// <summary>How a provider can go on with an answer that has broken off.</summary>
public sealed class ProviderRescueSettings
{
    /// <summary>How it is asked to continue a text that stands as the assistant's last message.</summary>
    /// <value><c>none</c>, <c>deepseek</c>, <c>mistral</c> or <c>vllm</c>. Unset: what the provider's address is known for.</value>
    public string? Prefix { get; set; }

    /// <summary>Whether it is asked from the start, and what it says is held back while it is what has been shown.</summary>
    /// <value>Default true.</value>
    public bool Restart { get; set; } = true;

    /// <summary>Whether it may be asked, in a further turn, to go on with a text: where that goes on is a guess.</summary>
    /// <value>Default false.</value>
    public bool UserTurn { get; set; }
}
