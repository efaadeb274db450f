using System.Buffers;

namespace Sluice.Sse;

/// <summary>The ids that Sluice writes and takes back: <c>^[A-Za-z0-9_.-]{1,64}$</c>.</summary>
/// <remarks>
/// A closed alphabet keeps an id out of every grammar that it passes through: a line of an event stream, a header, a URL.
/// It holds no byte that makes a cross-origin <c>Last-Event-ID</c> unsafe (WHATWG Fetch, "CORS-unsafe request-header byte").
/// </remarks>
public static class SseEventId
{
    /// <summary>The longest id, in bytes.</summary>
    public const int MaxLength = 64;

    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";

    private static readonly SearchValues<byte> s_bytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"u8);

    private static readonly SearchValues<char> s_chars = SearchValues.Create(Alphabet);

    /// <summary>Whether these bytes are an id.</summary>
    public static bool IsValid(ReadOnlySpan<byte> id) =>
        id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(s_bytes);

    /// <summary>Whether this text, a <c>Last-Event-ID</c> header's for one, is an id.</summary>
    public static bool IsValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaxLength && !id.ContainsAnyExcept(s_chars);
}
