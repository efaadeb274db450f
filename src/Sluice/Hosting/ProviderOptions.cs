namespace Sluice.Hosting;

/// <summary>One upstream.</summary>
public sealed class ProviderOptions
{
    /// <summary>What it speaks.</summary>
    /// <value><c>openai</c>, <c>bella</c> or <c>guide</c>.</value>
    public string Type { get; set; } = "openai";

    /// <summary>The root of its API, such as <c>https://host/v1</c>.</summary>
    /// <value>Default for <c>openai</c>: <c>https://api.openai.com/v1</c>.</value>
    public string? BaseUrl { get; set; }

    /// <summary>The key. Never logged, listed or echoed.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The model to ask for where a request or target names only the provider.</summary>
    /// <value>Unset: the first model that the upstream lists.</value>
    public string? Model { get; set; }

    /// <summary>Whether to ask the upstream for token counts on every stream.</summary>
    /// <value>Default true.</value>
    public bool IncludeUsage { get; set; } = true;

    /// <summary>How many answers may come from this provider at once, over all its targets.</summary>
    /// <value>Unset: any number. 1 to 1,000,000.</value>
    public int? MaxConcurrency { get; set; }

    /// <summary>How it can go on with an answer that has broken off.</summary>
    public ProviderRescueSettings Rescue { get; set; } = new();

    /// <summary>Limits that differ from <c>Sluice:Timeouts</c>.</summary>
    public TimeoutOptions Timeouts { get; set; } = new();
}
