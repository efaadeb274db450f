namespace Sluice.Hosting;

/// <summary>Sizes, and how much may be asked.</summary>
public sealed class LimitOptions
{
    /// <summary>The largest request body, in bytes.</summary>
    /// <value>Default 32 MiB; 1 KiB to 1 GiB.</value>
    public int MaxRequestBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>The largest event that is taken from an upstream, in bytes.</summary>
    /// <value>Default 8 MiB; 1 KiB to 256 MiB.</value>
    public int MaxEventBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How many chunks of one answer may be no JSON before it fails.</summary>
    /// <value>Default 16; 0 to 10,000.</value>
    public int MaxMalformedChunks { get; set; } = 16;

    /// <summary>How much each caller may ask who has no limits of his own.</summary>
    public QuotaSettings Callers { get; set; } = new();

    /// <summary>How many tokens an answer is expected to have, for limits in tokens, where the request sets no bound (<c>max_tokens</c>).</summary>
    /// <value>Default 1,000; 1 to 1,000,000.</value>
    public int ExpectedAnswerTokens { get; set; } = 1000;

    /// <summary>The file that keeps what has been spent; read at the start. A library's application brings an <see cref="Sluice.Limits.ISpendingStore"/> of its own instead.</summary>
    /// <value>Unset: budgets begin anew with the process.</value>
    public string? SpendingFile { get; set; }
}
