using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;
using Sluice.Providers.Http;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1RequestTests
{
    [Theory]
    [InlineData("http://example.com", "example.com")]
    [InlineData("http://example.com:80", "example.com")]
    [InlineData("http://example.com:8080", "example.com:8080")]
    [InlineData("https://example.com", "example.com")]
    [InlineData("https://example.com:80", "example.com:80")]
    [InlineData("http://[::1]:5000", "[::1]:5000")]
    [InlineData("http://[2001:db8::1]", "[2001:db8::1]")]
    [InlineData("http://bücher.example", "xn--bcher-kva.example")]
    public async Task WriteAsync_Host_IsTheOriginsAuthority(string origin, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{origin}/v1/a%20b?c=你&d=e%0D%0Af#g");
        Assert.Equal($"GET /v1/a%20b?c=%E4%BD%A0&d=e%0D%0Af HTTP/1.1\r\nHost: {host}\r\n\r\n", await WriteAsync(request));
    }

    [Fact]
    public async Task WriteAsync_HostOfItsOwn_IsSentOnce()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://h/");
        request.Headers.Host = "other:1";
        Assert.Equal("GET / HTTP/1.1\r\nHost: other:1\r\n\r\n", await WriteAsync(request));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    public async Task WriteAsync_Body_FollowsItsLength(int length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://h/") { Content = new ReadOnlyMemoryContent(new byte[length]) };
        request.Headers.Add("A", ["1", "2"]);
        request.Content.Headers.ContentType = new("application/json");
        Assert.Equal(
            $"POST / HTTP/1.1\r\nHost: h\r\nA: 1, 2\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{new string('\0', length)}",
            await WriteAsync(request));
    }

    [Fact]
    public async Task WriteAsync_BodyOfUnknownLength_IsRefusedBeforeAByteIsSent()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://h/") { Content = ContentOfUnknownLength() };
        using var output = new MemoryStream();
        await Assert.ThrowsAsync<HttpRequestException>(() => Http1Request.WriteAsync(output, request, TestContext.Current.CancellationToken));
        Assert.Equal(0, output.Length);
    }

    [Theory]
    [InlineData("a\r\nEvil: 1")]
    [InlineData("a\nEvil: 1")]
    [InlineData("a\rEvil: 1")]
    [InlineData("a\0b")]
    [SuppressMessage("ApiDesign", "RS0030", Justification = "The validation is what is gone around here.")]
    public async Task WriteAsync_LineBreakInAHeader_IsRefusedBeforeAByteIsSent(string value)
    {
        foreach (var isContents in (bool[])[false, true])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "http://h/") { Content = new ReadOnlyMemoryContent(new byte[3]) };
            Assert.True(isContents ? request.Content.Headers.TryAddWithoutValidation("X-A", value) : request.Headers.TryAddWithoutValidation("X-A", value));
            using var output = new MemoryStream();
            await Assert.ThrowsAsync<HttpRequestException>(() => Http1Request.WriteAsync(output, request, TestContext.Current.CancellationToken));
            Assert.Equal(0, output.Length);
        }
    }

    [Fact]
    public async Task WriteAsync_NoCharacterOfAHeader_BecomesALineBreak()
    {
        var all = string.Concat(Enumerable.Range(0x80, 0xD800 - 0x80).Concat(Enumerable.Range(0xE000, 0x2000)).Select(c => (char)c));
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://h/");
        request.Headers.Add("X-A", all);
        var text = await WriteAsync(request);
        Assert.Equal((4, 4, 0), (text.Count(c => c == '\r'), text.Count(c => c == '\n'), text.Count(c => c == '\0')));
    }

    [Fact]
    public async Task SendAsync_ActivityIsCurrent_ItsContextGoesAlong()
    {
        var heads = new List<string>();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                heads.Add(request.Head);
                await connection.WriteAsync(HttpReply.Json(200, "{}"));
            }
        });
        using var call = new Http1Call(upstream);
        Activity.Current = null;
        await call.TextAsync();
        using var activity = new Activity("ask").SetIdFormat(ActivityIdFormat.W3C).Start();
        activity.TraceStateString = "a=b";
        await call.TextAsync();

        Assert.DoesNotContain("traceparent", heads[0], StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"\r\ntraceparent: {activity.Id}\r\n", heads[1], StringComparison.Ordinal);
        Assert.Contains("\r\ntracestate: a=b\r\n", heads[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(8_000_000)]
    public async Task SendAsync_RefusedBeforeTheBodyIsRead_TheAnswerIsHeard(int bytes)
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadSomeAsync();
            await connection.WriteAsync(HttpReply.Json(413, "{\"error\":\"too large\"}", "Connection: close"));
            if (OperatingSystem.IsLinux())
            {
                await connection.DeliveredAsync();
            }
        });
        using var call = new Http1Call(upstream);
        for (var i = 0; i < 3; i++)
        {
            using var response = await call.PostAsync(new byte[bytes]);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
            Assert.Equal("{\"error\":\"too large\"}", await Http1Call.TextAsync(response));
        }

        Assert.Equal(3, upstream.Connections);
    }

    [Fact]
    public async Task SendAsync_ClosedWhileTheBodyIsWritten_IsAnError()
    {
        await using var upstream = new ScriptedUpstream(connection => connection.ReadSomeAsync());
        using var call = new Http1Call(upstream);
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.PostAsync(new byte[8_000_000]));
        Assert.True(exception.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.ResponseEnded, $"{exception.HttpRequestError}");
    }

    private static StreamContent ContentOfUnknownLength() =>
        new(new System.IO.Compression.GZipStream(new MemoryStream(), System.IO.Compression.CompressionMode.Decompress));

    private static async Task<string> WriteAsync(HttpRequestMessage request)
    {
        using var output = new MemoryStream();
        await Http1Request.WriteAsync(output, request, TestContext.Current.CancellationToken);
        return Encoding.Latin1.GetString(output.ToArray());
    }
}
