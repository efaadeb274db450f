using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Streams;

/// <summary>Names one generation: <c>st_</c> and 128 random bits in base64url. New for every generation; not a credential.</summary>
internal sealed class StreamId
{
    private const string Prefix = "st_";
    private const int Length = 25;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    private StreamId(string value)
    {
        Value = value;
        Utf8 = Encoding.ASCII.GetBytes(value);
    }

    /// <summary>The id as text, 25 characters.</summary>
    public string Value { get; }

    /// <summary>The id as bytes. Not to be written to.</summary>
    public byte[] Utf8 { get; }

    /// <summary>A new id.</summary>
    public static StreamId New()
    {
        Span<byte> random = stackalloc byte[16];
        RandomNumberGenerator.Fill(random);
        return new StreamId(Prefix + Base64Url.EncodeToString(random));
    }

    /// <summary>Whether a text has the form of an id.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) =>
        text.Length == Length && text.StartsWith(Prefix) && !text[Prefix.Length..].ContainsAnyExcept(Alphabet);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
