using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Sluice.Streams;

/// <summary>Names one generation: <c>st_</c> and 128 random bits in base64url. New for every generation; not a credential.</summary>
internal sealed class StreamId
{
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
        return new StreamId("st_" + Base64Url.EncodeToString(random));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
