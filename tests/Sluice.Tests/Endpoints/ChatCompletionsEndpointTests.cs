using System.Net;
using System.Text;
using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Tests.Support;
using static Sluice.Tests.Endpoints.AskStreamEndpointTests;

namespace Sluice.Tests.Endpoints;

public sealed class ChatCompletionsEndpointTests
{
    private const string Path = "/v1/chat/completions";
    private const string Question = """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""";
    private const string Whole = """{"messages":[{"role":"user","content":"hi"}]}""";

    [Fact]
    public async Task Stream_Answer_IsTheseBytes()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Role().Text("你\\u597d").Finish().Usage().Done());
        using var client = await RawClient.ConnectAsync(host);
        await client.PostAsync(Path, Question, "Connection: close\r\nX-Request-Id: mine\r\n");
        var seen = await client.ReadToEndAsync();
        var at = seen.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = seen[..at].Split("\r\n");
        var id = head.Single(line => line.StartsWith("X-Sluice-Stream-Id: ", StringComparison.Ordinal))["X-Sluice-Stream-Id: ".Length..];
        Assert.Equal(
            ["Cache-Control: no-cache, no-store, no-transform", "Connection: close", "Content-Type: text/event-stream; charset=utf-8", "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "X-Accel-Buffering: no", "X-Request-Id: mine", $"X-Sluice-Stream-Id: {id}"],
            head.Where(line => !line.StartsWith("Date:", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.EndsWith("\r\n0\r\n\r\n", seen, StringComparison.Ordinal);
        Assert.Equal(
            $$$"""
            id: {{{id}}}.1
            data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant"}}]}

            id: {{{id}}}.2
            data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"content":"你\u597d"}}]}

            id: {{{id}}}.3
            data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

            id: {{{id}}}.4
            data: [DONE]


            """.ReplaceLineEndings("\n"), Dechunked(seen[(at + 4)..]));
    }

    [Fact]
    public async Task Stream_UsageAskedFor_IsThere()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Usage().Done());
        var body = await PostAsync(host, """{"stream":true,"stream_options":{"include_usage":true},"messages":[]}""");
        Assert.Contains("\"usage\":{\"prompt_tokens\":3", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ChatErrorKind.RateLimited, 429, "rate_limited", "1")]
    [InlineData(ChatErrorKind.BudgetExhausted, 429, "budget_exhausted", null)]
    [InlineData(ChatErrorKind.Unauthorized, 502, "upstream_unauthorized", null)]
    [InlineData(ChatErrorKind.InvalidRequest, 400, "invalid_request", null)]
    [InlineData(ChatErrorKind.ModelNotFound, 404, "model_not_found", null)]
    [InlineData(ChatErrorKind.Connect, 502, "upstream_unreachable", null)]
    [InlineData(ChatErrorKind.FirstTokenTimeout, 504, "upstream_first_token_timeout", null)]
    [InlineData(ChatErrorKind.Truncated, 502, "upstream_truncated", null)]
    public async Task FailsBeforeTheCommit_IsAnHttpError(ChatErrorKind kind, int status, string code, string? retryAfter)
    {
        foreach (var question in new[] { Question, Whole })
        {
            await using var host = await SluiceHost.StartAsync(new Script().Role().Fail(new ChatProviderException(kind, "no")), ("Sluice:Retry:Retries", "0"));
            var response = await host.Client.PostAsync(Path, Json(question), TestContext.Current.CancellationToken);
            await ErrorIsAsync(response, status, code);
            Assert.Equal(retryAfter, response.Headers.TryGetValues("Retry-After", out var values) ? values.Single() : null);
        }
    }

    [Fact]
    public async Task RetryAfter_OfTheUpstream_IsPassedOnInWholeSeconds()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Fail(new ChatProviderException(ChatErrorKind.RateLimited, "no") { RetryAfter = TimeSpan.FromSeconds(2.2) }), ("Sluice:Retry:Retries", "0"));
        var response = await host.Client.PostAsync(Path, Json(Question), TestContext.Current.CancellationToken);
        Assert.Equal("3", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task ProviderHasADefect_Is500InTheSameShape()
    {
        foreach (var question in new[] { Question, Whole })
        {
            await using var host = await SluiceHost.StartAsync(new Script().Fail(new InvalidOperationException("secret detail")));
            var response = await host.Client.PostAsync(Path, Json(question), TestContext.Current.CancellationToken);
            Assert.DoesNotContain("secret detail", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
            await ErrorIsAsync(response, 500, "internal_error");
            await Within.UntilAsync(() => host.Log.Any(record => record.Level == LogLevel.Error));
        }
    }

    [Fact]
    public async Task FailsAfterTheCommit_ErrorFrameThenACloseWithoutTheLastChunk()
    {
        for (var i = 0; i < 20; i++)
        {
            await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hop().Fail(new ChatProviderException(ChatErrorKind.Truncated, "broke off")), ("Sluice:Retry:Retries", "0"));
            using var client = await RawClient.ConnectAsync(host);
            await client.PostAsync(Path, Question);
            var seen = await client.ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 200 OK\r\n", seen, StringComparison.Ordinal);
            Assert.Contains("\ndata: {\"error\":{\"message\":\"broke off\",\"type\":\"upstream_error\",\"code\":\"upstream_truncated\",\"param\":null}}\n\n", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("\r\n0\r\n\r\n", seen, StringComparison.Ordinal);
            Assert.DoesNotContain("[DONE]", seen, StringComparison.Ordinal);
            Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
        }
    }

    [Fact]
    public async Task FailsAfterTheCommit_HttpClientRaises()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hop().Fail(new ChatProviderException(ChatErrorKind.Upstream, "x")), ("Sluice:Retry:Retries", "0"));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => PostAsync(host, Question));
    }

    [Fact]
    public async Task FailsAfterTheCommit_OverHttp2_TheFrameArrivesThenTheStreamIsReset()
    {
        await using var host = await SluiceHost.StartAsync(
            new Script().Text("a").Hop().Fail(new ChatProviderException(ChatErrorKind.Truncated, "broke off")), ("Sluice:Retry:Retries", "0"), ("Kestrel:EndpointDefaults:Protocols", "Http2"));
        for (var i = 0; i < 5; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = Json(Question) };
            using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
            using var reader = new StreamReader(body);
            var line = "";
            while (!line.Contains("\"code\":\"upstream_truncated\"", StringComparison.Ordinal))
            {
                line = await reader.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().Soon() ?? throw new EndOfStreamException("The frame is lost.");
            }

            // Only now may the reset come: it would overtake what has not left.
            var rest = reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            await Within.UntilAsync(() =>
            {
                host.Time.Advance(TimeSpan.FromMilliseconds(200));
                return rest.IsCompleted;
            });
            await Assert.ThrowsAnyAsync<Exception>(() => rest);
        }

        Assert.DoesNotContain(host.Log, record => record.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task KeepAlive_BeforeTheFirstEvent_CommitsTheStatusAndAnErrorIsTold()
    {
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Role().Wait(gate.Task).Fail(new ChatProviderException(ChatErrorKind.RateLimited, "busy")), ("Sluice:Retry:Retries", "0"));
        using var client = await RawClient.ConnectAsync(host);
        await client.PostAsync(Path, Question);
        await host.Script.Asked.Soon();
        host.Time.Advance(TimeSpan.FromSeconds(15));
        await client.ReadUntilAsync(": ping\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", client.Seen, StringComparison.Ordinal);
        Assert.DoesNotContain("data:", client.Seen, StringComparison.Ordinal);
        gate.SetResult();
        var seen = await client.ReadToEndAsync();
        Assert.Contains("\"code\":\"rate_limited\"", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "id":"x", "choices" : [ ] , "n\u0061me": "你好 👍" }""")]
    [InlineData("{}")]
    public async Task NotStreamed_Body_ComesBackByteForByte(string body)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Completion(body).Done());
        foreach (var question in new[] { Whole, """{"stream":false,"messages":[]}""", """{"stream":null,"messages":[]}""" })
        {
            var response = await host.Client.PostAsync(Path, Json(question), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
            Assert.Equal(Encoding.UTF8.GetBytes(body), await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.False(host.Script.Request!.Stream);
        }
    }

    [Fact]
    public async Task WhileDraining_Is503()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await host.Hub.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        foreach (var question in new[] { Question, Whole })
        {
            var response = await host.Client.PostAsync(Path, Json(question), TestContext.Current.CancellationToken);
            await ErrorIsAsync(response, 503, "server_stopping");
            Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        }
    }

    [Fact]
    public async Task UnknownModel_Is404()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await ErrorIsAsync(await host.Client.PostAsync(Path, Json("""{"model":"gpt-9"}"""), TestContext.Current.CancellationToken), 404, "model_not_found");
    }

    [Fact]
    public async Task Stopping_GraceIsOver_TheFrameLeavesBeforeTheServerStops()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang(), ("Sluice:Shutdown:Grace", "00:00:00"));
        using var openai = await RawClient.ConnectAsync(host);
        using var native = await RawClient.ConnectAsync(host);
        await openai.PostAsync(Path, Question);
        await native.GetAsync("/ask/stream?prompt=a");
        await openai.ReadUntilAsync("\"a\"");
        await native.ReadUntilAsync("\"a\"");
        await host.StopAsync().Soon();
        Assert.Contains("\"code\":\"server_stopping\"", await openai.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n\r\n", openai.Seen, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"server_stopping\"", await native.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.EndsWith("\r\n0\r\n\r\n", native.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TraceId_Harmless_IsPassedOn()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        foreach (var (sent, expected) in new[] { ("abc-1:2.3_4", "abc-1:2.3_4"), ("a b", null), ("é", null), (new string('x', 129), (string?)null) })
        {
            using var client = await RawClient.ConnectAsync(host);
            await client.PostAsync(Path, Question, $"Connection: close\r\nX-BELLA-TRACE-ID: {sent}\r\n");
            await client.ReadToEndAsync();
            Assert.Equal(expected, host.Script.Request!.TraceId);
        }
    }

    private static async Task<string> PostAsync(SluiceHost host, string body)
    {
        var response = await host.Client.PostAsync(Path, Json(body), TestContext.Current.CancellationToken);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
