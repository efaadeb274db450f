using System.Net;
using Sluice.Providers.Http;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1HeadTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK", 200, "1.1")]
    [InlineData("HTTP/1.1 200", 200, "1.1")]
    [InlineData("HTTP/1.1 200 ", 200, "1.1")]
    [InlineData("HTTP/1.1 404 Nicht gefunden: so", 404, "1.1")]
    [InlineData("HTTP/1.1 999 ?", 999, "1.1")]
    [InlineData("HTTP/1.0 500 Oops", 500, "1.0")]
    public void Parse_StatusLine_IsRead(string line, int status, string version)
    {
        foreach (var end in (string[])["\r\n\r\n", "\n\n", "\r\n\n", "\n\r\n"])
        {
            var head = Parse(line + end);
            Assert.Equal((status, Version.Parse(version), 0), (head.Status, head.Version, head.Headers.Count));
        }
    }

    [Theory]
    [InlineData("HTTP/1.1")]
    [InlineData("HTTP/1.1 20")]
    [InlineData("HTTP/1.1 2000 OK")]
    [InlineData("HTTP/1.1 200OK")]
    [InlineData("HTTP/1.1 +20 OK")]
    [InlineData("HTTP/1.1 2x0 OK")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("HTTP/1.1\t200 OK")]
    [InlineData("HTTP/1.1 099 OK")]
    [InlineData("HTTP/1.1 101 Switching Protocols")]
    [InlineData("HTTP/1.2 200 OK")]
    [InlineData("HTTP/1.15 200 OK")]
    [InlineData("")]
    public void Parse_OtherFirstLine_IsRefused(string line) => Refuses($"{line}\r\n\r\n");

    [Fact]
    public void Parse_Headers_AreTakenAsTheyCame()
    {
        var head = Parse("HTTP/1.1 200 OK\r\nA: 1\r\nb:2\n C-c :\t x y \t\r\nA: 3\r\nEmpty:\r\n\r\n");
        Assert.Equal([("A", "1"), ("b", "2 C-c :\t x y"), ("A", "3"), ("Empty", "")], head.Headers);
    }

    [Theory]
    [InlineData("A: 1\r\n 2\r\n\t3\r\n", "1 2 3")]
    [InlineData("A:\r\n 1\r\n", " 1")]
    [InlineData("A: 1\r\n \r\n", "1 ")]
    public void Parse_FoldedLine_GoesOn(string lines, string value) =>
        Assert.Equal([("A", value)], Parse($"HTTP/1.1 200 OK\r\n{lines}\r\n").Headers);

    [Theory]
    [InlineData("no colon")]
    [InlineData(": no name")]
    [InlineData(" : no name")]
    [InlineData(" A: folded onto nothing")]
    [InlineData("\r")]
    [InlineData("A: 1\r\n\r\r\nContent-Length: 3")]
    public void Parse_NoHeader_IsRefused(string line) => Refuses($"HTTP/1.1 200 OK\r\n{line}\r\n\r\n");

    [Theory]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 5", 5L, false, true)]
    [InlineData("HTTP/1.1 200 OK", "content-length:5", 5L, false, true)]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 5\r\nContent-Length: 5", 5L, false, true)]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 5, 5", 5L, false, true)]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 0", 0L, false, true)]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: Chunked", null, true, true)]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\nContent-Length: 5", null, true, false)]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\nConnection: close", null, true, false)]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\nConnection: x, CLOSE", null, true, false)]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked\r\nConnection: keep-alive", null, true, true)]
    [InlineData("HTTP/1.1 200 OK", "X: y", null, false, false)]
    [InlineData("HTTP/1.1 204 No Content", "X: y", 0L, false, true)]
    [InlineData("HTTP/1.1 204 No Content", "Transfer-Encoding: chunked", 0L, false, true)]
    [InlineData("HTTP/1.1 304 Not Modified", "Content-Length: 500", 0L, false, true)]
    [InlineData("HTTP/1.0 200 OK", "Content-Length: 5", 5L, false, false)]
    [InlineData("HTTP/1.0 200 OK", "Content-Length: 5\r\nConnection: Keep-Alive", 5L, false, true)]
    [InlineData("HTTP/1.0 200 OK", "Connection: keep-alive", null, false, false)]
    [InlineData("HTTP/1.0 200 OK", "Transfer-Encoding: chunked\r\nConnection: keep-alive", null, true, false)]
    public void Parse_Framing_IsAsRfc9112Says(string line, string headers, long? length, bool isChunked, bool keepsAlive)
    {
        var head = Parse($"{line}\r\n{headers}\r\n\r\n");
        Assert.Equal((new Http1Framing(length, isChunked), keepsAlive), (head.Framing, head.KeepsAlive));
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6")]
    [InlineData("Content-Length: 5, 6")]
    [InlineData("Content-Length: -5")]
    [InlineData("Content-Length: +5")]
    [InlineData("Content-Length: 0x5")]
    [InlineData("Content-Length: 5 5")]
    [InlineData("Content-Length: 5\r\n 5")]
    [InlineData("Content-Length: 99999999999999999999")]
    [InlineData("Content-Length: ")]
    [InlineData("Content-Length: 5,")]
    [InlineData("Transfer-Encoding: gzip")]
    [InlineData("Transfer-Encoding: gzip, chunked")]
    [InlineData("Transfer-Encoding: chunked, chunked")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: xchunked")]
    public void Parse_FramingThatSaysNothing_IsRefused(string headers) => Refuses($"HTTP/1.1 200 OK\r\n{headers}\r\n\r\n");

    [Theory]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 9\r\n\r\nHTTP/1.1 102 Processing\n\n")]
    public async Task SendAsync_InterimAnswers_AreSkipped(string interim)
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8(interim), HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        using var call = new Http1Call(upstream);
        Assert.Equal("hi", await call.TextAsync());
        Assert.Equal("hi", await call.TextAsync());
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task SendAsync_HeadInTwoPieces_IsReadWhereverItIsCut()
    {
        var reply = HttpReply.Utf8("HTTP/1.1 100 C\r\n\r\nHTTP/1.1 201 OK\r\nX-A: b\n c\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n你好");
        var cut = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.WriteAsync(reply.AsMemory(0, cut));
                await connection.WriteAsync(reply.AsMemory(cut));
            }
        });
        using var call = new Http1Call(upstream);
        for (cut = 1; cut < reply.Length; cut++)
        {
            using var response = await call.GetAsync();
            Assert.Equal((HttpStatusCode.Created, "b c", 6L), (response.StatusCode, response.Headers.GetValues("X-A").Single(), response.Content.Headers.ContentLength));
            Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
            Assert.Equal("你好", await Http1Call.TextAsync(response));
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n", HttpRequestError.InvalidResponse)]
    [InlineData("<html>", HttpRequestError.InvalidResponse)]
    [InlineData("http/1.1 200 OK\r\n\r\n", HttpRequestError.InvalidResponse)]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", HttpRequestError.InvalidResponse)]
    [InlineData("HTTP/2 200\r\n\r\n", HttpRequestError.InvalidResponse)]
    [InlineData("HTTP/1.1 abc\r\n\r\n", HttpRequestError.InvalidResponse)]
    [InlineData("", HttpRequestError.ResponseEnded)]
    [InlineData("H", HttpRequestError.ResponseEnded)]
    [InlineData("HTTP/1.1 200 OK\r\n", HttpRequestError.ResponseEnded)]
    [InlineData("HTTP/1.1 200 OK\r\nA: b\r\n", HttpRequestError.ResponseEnded)]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n", HttpRequestError.ResponseEnded)]
    public async Task SendAsync_NoHead_IsAnError(string reply, HttpRequestError error)
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8(reply));
        using var call = new Http1Call(upstream);
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.GetAsync());
        Assert.Equal(error, exception.HttpRequestError);
    }

    [Fact]
    public async Task SendAsync_ConnectionIsResetBeforeTheHead_IsAnError()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        using var call = new Http1Call(upstream);
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.GetAsync());
        Assert.Equal(HttpRequestError.ConnectionError, exception.HttpRequestError);
    }

    [Theory]
    [InlineData(60_000, true)]
    [InlineData(70_000, false)]
    [InlineData(1_000_000, false)]
    public async Task SendAsync_HeadBeyond64KiB_IsRefused(int bytes, bool isRead)
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8($"HTTP/1.1 200 OK\r\nX: {new string('x', bytes)}\r\nContent-Length: 2\r\n\r\nhi"));
        using var call = new Http1Call(upstream);
        if (isRead)
        {
            Assert.Equal("hi", await call.TextAsync());
            return;
        }

        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.GetAsync());
        Assert.Equal(HttpRequestError.InvalidResponse, exception.HttpRequestError);
    }

    private static Http1Head Parse(string head) => Http1Head.Parse(HttpReply.Utf8(head));

    private static void Refuses(string head) =>
        Assert.Equal(HttpRequestError.InvalidResponse, Assert.Throws<HttpRequestException>(() => Parse(head)).HttpRequestError);
}
