using System.Net.Http.Headers;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sluice.Endpoints;
using Sluice.Tests.Support;
using static Sluice.Tests.Endpoints.AskStreamEndpointTests;

namespace Sluice.Tests.Endpoints;

public sealed class RequestBodyTests
{
    private static readonly (string, string?) SmallLimit = ("Sluice:Limits:MaxRequestBytes", "1024");

    public static TheoryData<string, byte[]> Malformed
    {
        get
        {
            var data = new TheoryData<string, byte[]>
            {
                { "two objects", "{}{}"u8.ToArray() },
                { "invalid UTF-8", [.. "{\"model\":\""u8, 0xC3, 0x28, .. "\"}"u8] },
            };
            foreach (var text in new[]
            {
                "", " ", "x", "{", "[]", "\"a\"", "null", "1", "{\"a\":1,}", "{'a':1}", "{\"a\":1} x",
                "{\"a\":1,\"a\":2}", "{\"messages\":[{\"role\":\"user\",\"role\":\"user\"}]}", "{\"a\":1,\"\\u0061\":2}",
                "{\"a\":" + new string('[', 64) + new string(']', 64) + "}",
                "{\"base_url\":\"x\"}", "{\"api_base\":\"x\"}", "{\"api_key\":\"x\"}", "{\"extra_headers\":{}}", "{\"api_\\u006bey\":\"x\"}",
                "{\"model\":1}", "{\"stream\":\"yes\"}", "{\"stream_options\":[]}", "{\"model\":\"\\ud800\"}", "{\"\\ud800\":1}",
            })
            {
                data.Add(text.Length > 40 ? text[..40] : text, Encoding.UTF8.GetBytes(text));
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task Malformed_Is400(string what, byte[] body)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        foreach (var path in new[] { "/v1/chat/completions", "/ask/stream" })
        {
            using var content = new ByteArrayContent(body);
            var response = await host.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
            Assert.True((int)response.StatusCode == 400, $"{what} at {path}: {response.StatusCode}");
            Assert.StartsWith("{\"error\":{\"message\":", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Equal(0, host.Script.Calls);
        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"prompt\":\"  \"}")]
    [InlineData("{\"prompt\":5}")]
    [InlineData("{\"messages\":[]}")]
    [InlineData("{\"messages\":\"hi\"}")]
    [InlineData("{\"prompt\":\"\\ud800\"}")]
    public async Task AskNothing_Is400(string body)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await ErrorIsAsync(await host.Client.PostAsync("/ask/stream", Json(body), TestContext.Current.CancellationToken), 400, "invalid_request");
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/ask/stream")]
    public async Task TooLarge_ContentLength_Is413BeforeTheBodyComes(string path)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), SmallLimit);
        using var client = await RawClient.ConnectAsync(host);
        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1025\r\n\r\n");
        await client.ReadUntilAsync("request_too_large");
        Assert.StartsWith("HTTP/1.1 413 ", client.Seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/ask/stream")]
    public async Task TooLarge_Chunked_Is413(string path)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), SmallLimit);
        using var content = new StreamContent(new MemoryStream(new byte[100_000]));
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.TransferEncodingChunked = true;
        await ErrorIsAsync(await host.Client.SendAsync(request, TestContext.Current.CancellationToken), 413, "request_too_large");
        await host.StopAsync();
        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task TooLarge_ChunkedAndNeverEnding_Is413()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done(), SmallLimit);
        using var client = await RawClient.ConnectAsync(host);
        await client.SendAsync($"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n800\r\n{new string('x', 0x800)}\r\n");
        await client.ReadUntilAsync("request_too_large");
        Assert.StartsWith("HTTP/1.1 413 ", client.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task JustSmallEnough_IsTaken()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Completion("{}").Done(), SmallLimit);
        foreach (var isChunked in new[] { false, true })
        {
            var body = "{\"a\":\"" + new string('x', 1024 - 8) + "\"}";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = Json(body) };
            request.Headers.TransferEncodingChunked = isChunked;
            var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(200, (int)response.StatusCode);
            Assert.Equal(body, Encoding.UTF8.GetString(host.Script.Request!.Body.Span));
        }
    }

    [Fact]
    public async Task MoreThanKestrelsOwnLimit_IsTaken()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Completion("{}").Done(), ("Sluice:Limits:MaxRequestBytes", "50000000"));
        var body = "{\"a\":\"" + new string('x', 31_000_000) + "\"}";
        var response = await host.Client.PostAsync("/v1/chat/completions", Json(body), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task BadChunks_Is400()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var client = await RawClient.ConnectAsync(host);
        await client.SendAsync("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n");
        await client.ReadUntilAsync("\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400 ", client.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task ContentType_DoesNotMatter()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Completion("{}").Done());
        using var content = new ByteArrayContent("{}"u8.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        Assert.Equal(200, (int)(await host.Client.PostAsync("/v1/chat/completions", content, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(100, false)]
    [InlineData(4096, true)]
    [InlineData(5000, true)]
    [InlineData(1_000_000, true)]
    [InlineData(1_000_000, false)]
    public async Task Body_IsKeptAsLongAsItsAnswer_InABufferOfAboutItsSize(int length, bool isAnnounced)
    {
        var sent = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var context = new DefaultHttpContext();
        context.Request.Body = new MemoryStream(sent);
        context.Request.ContentLength = isAnnounced ? length : null;
        var body = await RequestBody.ReadAsync(context, int.MaxValue);
        Assert.True(body.Span.SequenceEqual(sent));
        Assert.True(MemoryMarshal.TryGetArray(body, out var kept));
        Assert.InRange(kept.Array!.Length, length, length + (length / 8));
    }
}
