using System.Text;

namespace Sluice.EndToEnd.Http;

/// <summary>Requests that were valid before somebody changed something: always the same ones for a seed.</summary>
internal sealed class Mutations(ulong seed)
{
    private const string Host = "Host: 127.0.0.1\r\nConnection: close\r\n";

    private static readonly byte[][] Valid =
    [
        Get("/ask/stream?prompt=%E4%BD%A0%E5%A5%BD&model=chat&on_disconnect=cancel", "Accept: text/event-stream\r\n"),
        Get("/ask/stream?prompt=again&on_disconnect=cancel", "Last-Event-ID: st_AAAAAAAAAAAAAAAAAAAAAA.4\r\n"),
        Get("/v1/streams/st_AAAAAAAAAAAAAAAAAAAAAA/events?after=3", "Accept: text/event-stream\r\n"),
        Get("/v1/streams/st_AAAAAAAAAAAAAAAAAAAAAA", ""),
        Get("/v1/models", ""),
        Get("/v1/models/chat", ""),
        Get("/", "Accept-Encoding: gzip\r\nCookie: a=b\r\n"),
        Post("/ask/stream?on_disconnect=cancel", """{"prompt":"hi 你好 \ud83d\ude00","model":"chat"}""", "Idempotency-Key: k-1\r\n"),
        Post("/v1/chat/completions", """{"model":"chat","stream":true,"max_tokens":10,"n":1,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]}""", ""),
        Post("/v1/chat/completions", """{"model":"chat","messages":[{"role":"system","content":"s"},{"role":"user","content":"hi"}],"temperature":0.5}""", "X-Sluice-On-Disconnect: cancel\r\n"),
        Post("/v1/streams/st_AAAAAAAAAAAAAAAAAAAAAA/cancel", "", ""),
        Encoding.Latin1.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n1a\r\n{{\"model\":\"chat\",\"stream\":t\r\n17\r\nrue,\"messages\":[\"abcd\"]}}\r\n0\r\n\r\n"),
    ];

    // What parsers trip over.
    private static readonly byte[][] Pieces = [.. new[]
    {
        "\0", "\r\n", "\n", "\r", "\r\n\r\n", ":", "%", "%00", "%zz", "../", "//", "\"", "{", "}", "[[[[", "\\u", "\\ud800", "\xff\xfe", "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n",
        "Content-Length: -1\r\n", "Content-Length: 99999999999999999999\r\n", "Host: evil\r\n", "Expect: 100-continue\r\n", "Upgrade: h2c\r\n", "Last-Event-ID: .end\r\n", "HTTP/0.9", "1e999",
        "9223372036854775808", "&prompt=2", "?", "#", " ", "\t", new string('A', 9000), "X: " + new string('b', 40_000) + "\r\n",
    }.Select(Encoding.Latin1.GetBytes)];

    private ulong _state = seed;

    /// <summary>The next request.</summary>
    public byte[] Next()
    {
        var request = new List<byte>(Valid[Pick(Valid.Length)]);
        for (var i = Pick(4); i >= 0 && request.Count > 0; i--)
        {
            var at = Pick(request.Count);
            var count = Math.Min(Pick(20) + 1, request.Count - at);
            switch (Pick(7))
            {
                case 0:
                    request[at] ^= (byte)(1 << Pick(8));
                    break;
                case 1:
                    request[at] = (byte)Pick(256);
                    break;
                case 2:
                    request.RemoveRange(at, count);
                    break;
                case 3:
                    request.InsertRange(at, request.GetRange(at, count));
                    break;
                case 4:
                    request.InsertRange(at, request.GetRange(Pick(request.Count - count + 1), count));
                    break;
                case 5 when Pick(4) == 0:
                    request.RemoveRange(at, request.Count - at);
                    break;
                default:
                    request.InsertRange(at, Pieces[Pick(Pieces.Length)]);
                    break;
            }
        }

        return [.. request];
    }

    private static byte[] Get(string path, string headers) => Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\n{Host}{headers}\r\n");

    private static byte[] Post(string path, string body, string headers) =>
        [.. Encoding.Latin1.GetBytes($"POST {path} HTTP/1.1\r\n{Host}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n"), .. Encoding.UTF8.GetBytes(body)];

    // Knuth's MMIX generator: the same numbers everywhere and for ever.
    private int Pick(int below)
    {
        _state = (_state * 6364136223846793005) + 1442695040888963407;
        return (int)((_state >> 33) % (ulong)below);
    }
}
