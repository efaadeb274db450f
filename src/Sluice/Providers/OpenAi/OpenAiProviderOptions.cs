using Sluice.Chat;

namespace Sluice.Providers.OpenAi;

/// <summary>Where an OpenAI-compatible upstream is, and how to speak to it.</summary>
public sealed class OpenAiProviderOptions
{
    /// <summary>The root of its API; <c>/chat/completions</c> is added to the path.</summary>
    /// <value>For OpenAI itself <c>https://api.openai.com/v1</c>.</value>
    public required Uri BaseUrl { get; init; }

    /// <summary>The key, sent as a bearer token; null sends none.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Whether to ask for token counts on streams (<c>stream_options.include_usage</c>), also where the client does not.</summary>
    /// <value>Default true. False for upstreams that refuse the field.</value>
    public bool IncludeUsage { get; init; } = true;

    /// <summary>How long a connection may take to stand, TLS included.</summary>
    /// <value>Default 5 s.</value>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The largest event that is taken, in bytes.</summary>
    /// <value>Default 8 MiB.</value>
    public int MaxEventBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>The largest body of an answer that is not streamed, in bytes.</summary>
    /// <value>Default 64 MiB.</value>
    public int MaxCompletionBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>How many chunks of one answer may be no JSON before it fails. They are left out and counted.</summary>
    /// <value>Default 16.</value>
    public int MaxMalformedChunks { get; init; } = 16;
}
