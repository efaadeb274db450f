namespace Sluice.Server.Load;

/// <summary>Where to ask, and in which dialect.</summary>
/// <param name="Url">The endpoint itself.</param>
/// <param name="Dialect">What it speaks.</param>
internal sealed record LoadTarget(Uri Url, LoadDialect Dialect)
{
    /// <summary>Completes an address: the path tells the dialect, and a bare origin gets the dialect's path.</summary>
    public static LoadTarget From(Uri url, LoadDialect? dialect)
    {
        var isAsk = url.AbsolutePath.EndsWith("/ask/stream", StringComparison.Ordinal);
        var chosen = dialect ?? (isAsk ? LoadDialect.Native : LoadDialect.OpenAi);
        if (url.AbsolutePath is not ("" or "/")) return new LoadTarget(url, chosen);
        return new LoadTarget(new Uri(url, chosen == LoadDialect.Native ? "/ask/stream" : "/v1/chat/completions"), chosen);
    }
}
