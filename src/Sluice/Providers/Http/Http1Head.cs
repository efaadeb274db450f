using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Sluice.Providers.Http;

/// <summary>What stands before an answer's body (RFC 9112, 4 and 5).</summary>
/// <param name="Version">HTTP/1.0 or 1.1.</param>
/// <param name="Status">The status, 200 to 999.</param>
/// <param name="Headers">Names and values as they came, in order.</param>
/// <param name="Framing">How the body's end is told.</param>
/// <param name="KeepsAlive">Whether the connection may serve another request when the body has been read.</param>
internal sealed record Http1Head(Version Version, int Status, IReadOnlyList<(string Name, string Value)> Headers, Http1Framing Framing, bool KeepsAlive)
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads a head; interim answers (1xx) before it are skipped.</summary>
    /// <exception cref="HttpRequestException">It is no HTTP/1, or larger than 64 KiB.</exception>
    /// <exception cref="IOException">The connection broke, or ended.</exception>
    public static async Task<Http1Head> ReadAsync(Http1Connection connection)
    {
        while (true)
        {
            int length;
            while ((length = LengthOf(connection.Unread.Span)) == 0)
            {
                if (!await connection.ReadAsync())
                {
                    throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection was closed before an answer came.");
                }
            }

            var head = Parse(connection.Unread.Span[..length]);
            connection.Take(length);
            if (head.Status >= 200)
            {
                return head;
            }
        }
    }

    /// <summary>Reads a head that is there as a whole.</summary>
    /// <param name="bytes">All of it, the empty line included.</param>
    /// <exception cref="HttpRequestException">It is not one.</exception>
    public static Http1Head Parse(ReadOnlySpan<byte> bytes)
    {
        var lines = bytes.Split((byte)'\n');
        lines.MoveNext();
        var (version, status) = ParseStatusLine(Trimmed(bytes[lines.Current]));
        var headers = new List<(string Name, string Value)>();
        while (lines.MoveNext())
        {
            var line = bytes[lines.Current];
            line = line.EndsWith("\r"u8) ? line[..^1] : line;
            if (line.IsEmpty)
            {
                break;
            }

            if (line[0] is (byte)' ' or (byte)'\t' && headers.Count > 0)
            {
                // An old way to go on in the next line (RFC 9112, 5.2).
                headers[^1] = (headers[^1].Name, $"{headers[^1].Value} {Text(Trimmed(line))}");
                continue;
            }

            var colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
            {
                throw Invalid("a header line without a name");
            }

            headers.Add((Text(Trimmed(line[..colon])), Text(Trimmed(line[(colon + 1)..]))));
        }

        var framing = FramingOf(status, headers);
        var closes = Tokens(headers, "Connection").ToList();
        var keepsAlive = version == HttpVersion.Version11
            ? !closes.Contains("close", StringComparer.OrdinalIgnoreCase)
            : closes.Contains("keep-alive", StringComparer.OrdinalIgnoreCase);

        // Both ways to tell the end is how requests are smuggled, and HTTP/1.0 knows no chunks: such a connection serves nobody else (RFC 9112, 6.1).
        var isAmbiguous = framing.IsChunked && (version != HttpVersion.Version11 || Values(headers, "Content-Length").Any());
        return new Http1Head(version, status, headers, framing, keepsAlive && !framing.EndsWithConnection && !isAmbiguous);
    }

    /// <summary>Hands the headers on, as the upstream said them.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "Banned for what is sent: a line break in it would be another header. These were received, line by line.")]
    public void CopyHeadersTo(HttpResponseMessage response)
    {
        foreach (var (name, value) in Headers)
        {
            if (!response.Headers.TryAddWithoutValidation(name, value))
            {
                response.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
    }

    // How long the head is, the empty line included; 0 while it is not there as a whole.
    private static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        var begin = "HTTP/1."u8;
        if (!bytes[..Math.Min(bytes.Length, begin.Length)].SequenceEqual(begin[..Math.Min(bytes.Length, begin.Length)]))
        {
            throw Invalid("something else");
        }

        for (var at = bytes.IndexOf((byte)'\n'); at >= 0;)
        {
            var rest = bytes[(at + 1)..];
            if (rest.StartsWith("\n"u8) || rest.StartsWith("\r\n"u8))
            {
                return at + (rest[0] == (byte)'\n' ? 2 : 3);
            }

            var next = rest.IndexOf((byte)'\n');
            at = next < 0 ? -1 : at + 1 + next;
        }

        return bytes.Length < MaxBytes ? 0 : throw Invalid("more than 64 KiB of headers");
    }

    private static (Version Version, int Status) ParseStatusLine(ReadOnlySpan<byte> line)
    {
        // HTTP/1.1 200 OK
        if (line.Length < 12 || line[8] != (byte)' ' || line[7] is not ((byte)'0' or (byte)'1')
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || status is < 100 or 101
            || (line.Length > 12 && line[12] != (byte)' '))
        {
            throw Invalid("a status line that is none");
        }

        return (line[7] == (byte)'1' ? HttpVersion.Version11 : HttpVersion.Version10, status);
    }

    private static Http1Framing FramingOf(int status, List<(string Name, string Value)> headers)
    {
        if (status is < 200 or 204 or 304)
        {
            return new Http1Framing(0, IsChunked: false);
        }

        var codings = Tokens(headers, "Transfer-Encoding").ToList();
        if (codings.Count > 0)
        {
            return codings is [var only] && only.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                ? new Http1Framing(null, IsChunked: true)
                : throw Invalid("a transfer encoding that nobody asked for");
        }

        long? length = null;
        foreach (var value in Values(headers, "Content-Length").SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)))
        {
            if (!long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var said) || (length ?? said) != said)
            {
                throw Invalid("a length that is none");
            }

            length = said;
        }

        return new Http1Framing(length, IsChunked: false);
    }

    private static IEnumerable<string> Values(List<(string Name, string Value)> headers, string name) =>
        headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value);

    private static IEnumerable<string> Tokens(List<(string Name, string Value)> headers, string name) =>
        Values(headers, name).SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private static ReadOnlySpan<byte> Trimmed(ReadOnlySpan<byte> text) => text.Trim(" \t\r"u8);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);

    private static HttpRequestException Invalid(string what) =>
        new(HttpRequestError.InvalidResponse, $"The upstream answered with {what} where HTTP/1.1 was expected.");
}
