namespace Sluice.Providers.Http;

/// <summary>How the end of a body is told (RFC 9112, 6.3).</summary>
/// <param name="Length">Its bytes; null where it is chunked, or ends with the connection.</param>
/// <param name="IsChunked">Whether it comes in chunks, the last of which is empty.</param>
internal readonly record struct Http1Framing(long? Length, bool IsChunked)
{
    /// <summary>Whether only the connection's end tells it, so that a cut looks like an end.</summary>
    public bool EndsWithConnection => !IsChunked && Length is null;
}
