using System.Globalization;
using System.Text;

namespace Sluice.Tests.Providers;

/// <summary>HTTP/1.1 answers as bytes.</summary>
internal static class HttpReply
{
    public const string StreamHead = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

    public static byte[] LastChunk => "0\r\n\r\n"u8.ToArray();

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A whole answer with a length.</summary>
    public static byte[] Whole(int status, string contentType, byte[] body, params string[] headers) =>
    [
        .. Utf8(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} Status\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\n")),
        .. Utf8(string.Concat(headers.Select(header => header + "\r\n"))),
        .. "\r\n"u8,
        .. body,
    ];

    public static byte[] Json(int status, string body, params string[] headers) => Whole(status, "application/json", Utf8(body), headers);

    /// <summary>A whole event stream in one HTTP chunk.</summary>
    public static byte[] Stream(byte[] events) => [.. Utf8(StreamHead), .. Chunk(events), .. LastChunk];

    public static byte[] Stream(string events) => Stream(Utf8(events));

    public static byte[] Chunk(string text) => Chunk(Utf8(text));

    public static byte[] Chunk(byte[] body) =>
        [.. Utf8(string.Create(CultureInfo.InvariantCulture, $"{body.Length:x}\r\n")), .. body, .. "\r\n"u8];
}
