using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.Server.Upstream;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Tests.Server.Upstream;

public sealed class UpstreamFaultTests
{
    [Theory]
    [InlineData("429", 429, "rate_limit_exceeded")]
    [InlineData("429-qps", 429, "QPS 超过限制")]
    [InlineData("429-load", 429, "渠道当前负载过高")]
    [InlineData("429-trial", 429, "试用额度")]
    [InlineData("429-budget", 429, "已达每月额度上限")]
    [InlineData("500", 500, "server_error")]
    [InlineData("503", 503, "overloaded")]
    [InlineData("auth", 401, "invalid_api_key")]
    [InlineData("context-length", 400, "context_length_exceeded")]
    [InlineData("content-filter", 400, "content_filter")]
    [InlineData("redirect", 307, "")]
    [InlineData("json-error-200", 200, "internal_error")]
    [InlineData("html-200", 200, "<!doctype html>")]
    public async Task Status_Scenario_AnswersSo(string scenario, int status, string text)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-20-0-" + scenario);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(text, await response.Content.ReadAsStringAsync(RunningUpstream.Token), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("429-qps", true)]
    [InlineData("429-load", false)]
    public async Task Status_RetryAfter_ComesWithTheKindThatHasIt(string scenario, bool there)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-1-0-" + scenario);
        Assert.Equal(there, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task Refuse_Connection_IsResetBeforeAnyByte()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        Assert.Equal(("", true), await upstream.RawAsync("sim-3-0-refuse"));
    }

    [Fact]
    public async Task Cut_Connection_IsResetAfterItsTokens()
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { At = 2 });
        var (bytes, reset) = await upstream.RawAsync("sim-6-0-cut");
        Assert.True(reset);
        Assert.Contains("\\u4E16\\u754C1 ", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("🚀2 ", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CutFin_Connection_EndsWithoutTheLastChunk()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var (bytes, reset) = await upstream.RawAsync("sim-3-0-cut-fin");
        Assert.False(reset);
        Assert.False(bytes.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal));
        Assert.Contains("\\u4E16\\u754C1 ", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CutClean_Body_EndsInOrderWithoutAFinish()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var (bytes, _) = await upstream.RawAsync("sim-3-0-cut-clean");
        Assert.EndsWith("\r\n0\r\n\r\n", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("\"finish_reason\":\"stop\"", bytes, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public async Task CutClean_AtAnyToken_SendsExactlySoMany(int at)
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { At = at });
        using var response = await upstream.AskModelAsync("sim-3-0-cut-clean");
        Assert.Equal(ScriptedAnswer.Text(at), RunningUpstream.Text(await RunningUpstream.EventsAsync(response)));
    }

    [Fact]
    public async Task Cut_WholeAnswer_StopsInTheMiddle()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskAsync("""{"model":"sim-20-0-cut"}""");
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => response.Content.ReadAsStringAsync(RunningUpstream.Token));
    }

    [Fact]
    public async Task ErrorChunk_Stream_EndsWithIt()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-3-0-error-chunk");
        var last = JsonDocument.Parse((await RunningUpstream.EventsAsync(response))[^1]).RootElement;
        Assert.Equal("server_error", last.GetProperty("error").GetProperty("code").GetString());
    }

    [Fact]
    public async Task BellaError_Stream_EndsWithItAndAStrayBody()
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { Dialect = UpstreamDialect.Bella });
        using var response = await upstream.AskModelAsync("sim-3-0-bella-error");
        var body = await response.Content.ReadAsStringAsync(RunningUpstream.Token);
        Assert.Contains("data:{\"error\":{\"code\":\"429\",\"httpCode\":429,", body, StringComparison.Ordinal);
        Assert.EndsWith("\n\n{\"error\":{\"code\":\"429\",\"httpCode\":429,\"message\":\"渠道当前负载过高，请稍后重试\"}}", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InvalidUtf8_Stream_HasItInOneChunkMore()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-3-0-invalid-utf8");
        var body = await response.Content.ReadAsByteArrayAsync(RunningUpstream.Token);
        Assert.True(body.AsSpan().IndexOf([(byte)0xFF, (byte)0xFE]) > 0);
        Assert.True(body.AsSpan().EndsWith("data: [DONE]\n\n"u8));
    }

    [Fact]
    public async Task Gzip_Stream_IsCompressedUnasked()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-3-0-gzip");
        Assert.Equal("gzip", Assert.Single(response.Content.Headers.ContentEncoding));
        using var reader = new StreamReader(new GZipStream(await response.Content.ReadAsStreamAsync(RunningUpstream.Token), CompressionMode.Decompress), Encoding.UTF8);
        Assert.EndsWith("data: [DONE]\n\n", await reader.ReadToEndAsync(RunningUpstream.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Comments_Stream_BeginsWithThem()
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { FirstToken = TimeSpan.FromMilliseconds(1) });
        using var response = await upstream.AskModelAsync("sim-3-0-comments");
        Assert.StartsWith(": keep-alive\n\ndata: {", await response.Content.ReadAsStringAsync(RunningUpstream.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HugeLine_Stream_HasNoLineEndInItsFirstMebibyte()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-3-0-huge-line");
        var start = new byte[1 << 20];
        await (await response.Content.ReadAsStreamAsync(RunningUpstream.Token)).ReadExactlyAsync(start, RunningUpstream.Token);
        Assert.DoesNotContain((byte)'\n', start);
    }

    [Fact]
    public async Task RejectPrefill_PrefilledRequest_Is400()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskAsync("""{"model":"sim-3-0-reject-prefill","stream":true,"messages":[{"role":"assistant","content":"x"}]}""");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task UnknownScenario_InTheModel_Is400() =>
        await ExpectBadRequestAsync("""{"model":"sim-3-0-nope"}""");

    [Fact]
    public async Task Body_ThatIsNoObject_Is400() => await ExpectBadRequestAsync("[1]");

    private static async Task ExpectBadRequestAsync(string body)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
