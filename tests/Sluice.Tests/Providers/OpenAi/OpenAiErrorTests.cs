using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;

namespace Sluice.Tests.Providers.OpenAi;

public sealed class OpenAiErrorTests
{
    private const string Key = UpstreamCall.Key;

    [Theory]
    [InlineData(400, ChatErrorKind.InvalidRequest)]
    [InlineData(401, ChatErrorKind.Unauthorized)]
    [InlineData(402, ChatErrorKind.BudgetExhausted)]
    [InlineData(403, ChatErrorKind.Unauthorized)]
    [InlineData(404, ChatErrorKind.ModelNotFound)]
    [InlineData(413, ChatErrorKind.InvalidRequest)]
    [InlineData(422, ChatErrorKind.InvalidRequest)]
    [InlineData(429, ChatErrorKind.RateLimited)]
    [InlineData(500, ChatErrorKind.Upstream)]
    [InlineData(502, ChatErrorKind.Upstream)]
    [InlineData(503, ChatErrorKind.Upstream)]
    [InlineData(529, ChatErrorKind.Upstream)]
    public async Task StreamAsync_ErrorStatus_DecidesTheKindWhateverTheBodyIs(int status, ChatErrorKind kind)
    {
        foreach (string body in (string[])["", "<html>nope</html>", """{"error":{"message":"said so","type":"t","code":"c","param":"p"}}""", """{"error":"said so"}""", """{"message":"said so"}"""])
        {
            foreach (ChatRequest request in (ChatRequest[])[UpstreamCall.Question, UpstreamCall.WholeQuestion])
            {
                ChatProviderException e = await FailAsync(HttpReply.Json(status, body), request);
                Assert.Equal((kind, status), (e.Kind, e.UpstreamStatus));
                Assert.Equal(body.Contains("said so", StringComparison.Ordinal) && kind != ChatErrorKind.Unauthorized, e.Message == "said so");
                Assert.NotEmpty(e.Message);
                Assert.DoesNotContain("html", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task StreamAsync_ContextLength_PassesCodeMessageAndParam()
    {
        ChatProviderException e = await FailAsync(HttpReply.Json(400,
            """{"error":{"message":"This model's maximum context length is 8192 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}"""));
        Assert.Equal((ChatErrorKind.InvalidRequest, 400, "context_length_exceeded", "messages", false), (e.Kind, e.Status, e.Code, e.Param, e.IsRetryable));
        Assert.Equal("This model's maximum context length is 8192 tokens.", e.Message);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task StreamAsync_UpstreamEchoesTheKey_ItIsNowhere(int status)
    {
        string body = $$$"""{"error":{"message":"Wrong key {{{Key}}} (Bearer {{{Key}}})","type":"{{{Key}}}","code":"{{{Key}}}","param":"x-{{{Key}}}"}}""";
        ChatProviderException e = await FailAsync(HttpReply.Json(status, body));
        Assert.DoesNotContain(Key, e.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, $"{e.Message} {e.Code} {e.UpstreamCode} {e.Param} {e.Type}", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task StreamAsync_Redirect_IsNotFollowed(int status)
    {
        await using var elsewhere = ScriptedUpstream.Answering(HttpReply.Stream("data: [DONE]\n\n"));
        ChatProviderException e = await FailAsync(HttpReply.Whole(status, "text/html", [], $"Location: {elsewhere.BaseUrl}/chat/completions"));
        Assert.Equal((ChatErrorKind.Redirect, status), (e.Kind, e.UpstreamStatus));
        Assert.Contains("BaseUrl", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, elsewhere.Connections);
    }

    [Theory]
    [InlineData("Retry-After: 7", 7000)]
    [InlineData("Retry-After: 0", 0)]
    [InlineData("retry-after-ms: 1500", 1500)]
    [InlineData("Retry-After: 7|retry-after-ms: 250", 250)]
    [InlineData("retry-after-ms: soon|Retry-After: 7", 7000)]
    [InlineData("retry-after-ms: -5|Retry-After: 7", 7000)]
    [InlineData("x-ratelimit-reset-requests: 1s|x-ratelimit-reset-tokens: 6m0s", 1000)]
    [InlineData("x-ratelimit-reset-requests: 1s|x-ratelimit-reset-tokens: 6m0.5s|x-ratelimit-remaining-tokens: 0", 360500)]
    [InlineData("x-ratelimit-reset-requests: 1h2m3s250ms", 3723250)]
    [InlineData("x-ratelimit-reset-requests: 20", 20000)]
    [InlineData("x-ratelimit-reset-requests: soon|x-ratelimit-reset-tokens: 1x", null)]
    [InlineData("x-ratelimit-reset-requests: 1790000000", null)]
    [InlineData("x-ratelimit-reset-requests: 1s|Retry-After: 7", 7000)]
    [InlineData("Date: Wed, 21 Oct 2026 07:28:00 GMT|Retry-After: Wed, 21 Oct 2026 07:28:30 GMT", 30000)]
    [InlineData("Date: Wed, 21 Oct 2026 07:28:00 GMT|Retry-After: Wed, 21 Oct 2026 07:27:30 GMT", 0)]
    [InlineData("Retry-After: Wed, 21 Oct 2026 07:28:30 GMT", null)]
    [InlineData("Retry-After: whenever", null)]
    [InlineData("X: y", null)]
    public async Task StreamAsync_RetryAfter_IsRead(string headers, int? milliseconds)
    {
        foreach (int status in (int[])[429, 503])
        {
            ChatProviderException e = await FailAsync(HttpReply.Whole(status, "application/json", "{}"u8.ToArray(), headers.Split('|')));
            Assert.Equal(milliseconds, e.RetryAfter?.TotalMilliseconds);
        }
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","type":"insufficient_quota","code":null}}""", ChatErrorKind.BudgetExhausted)]
    [InlineData("""{"error":{"message":"m","code":"insufficient_quota"}}""", ChatErrorKind.BudgetExhausted)]
    [InlineData("""{"error":{"message":"m","type":"tokens","code":"rate_limit_exceeded"}}""", ChatErrorKind.RateLimited)]
    public async Task StreamAsync_429_TellsMoneyFromHaste(string body, ChatErrorKind kind) =>
        Assert.Equal(kind, (await FailAsync(HttpReply.Json(429, body))).Kind);

    [Theory]
    [InlineData("""{"message":"m","code":429}""", ChatErrorKind.RateLimited, 429)]
    [InlineData("""{"message":"m","code":"503"}""", ChatErrorKind.Upstream, 503)]
    [InlineData("""{"message":"m","code":429,"status":"RESOURCE_EXHAUSTED"}""", ChatErrorKind.RateLimited, 429)]
    [InlineData("""{"message":"m","code":400,"type":"BadRequestError"}""", ChatErrorKind.InvalidRequest, 400)]
    [InlineData("""{"message":"m","code":"x","httpCode":404}""", ChatErrorKind.ModelNotFound, 404)]
    [InlineData("""{"message":"m","code":"context_length_exceeded"}""", ChatErrorKind.InvalidRequest, null)]
    [InlineData("""{"message":"m","type":"invalid_request_error"}""", ChatErrorKind.InvalidRequest, null)]
    [InlineData("""{"message":"m","type":"rate_limit_error"}""", ChatErrorKind.RateLimited, null)]
    [InlineData("""{"message":"m","type":"insufficient_quota"}""", ChatErrorKind.BudgetExhausted, null)]
    [InlineData("""{"message":"m","code":"invalid_api_key"}""", ChatErrorKind.Unauthorized, null)]
    [InlineData("""{"message":"m","type":"server_error","code":1234}""", ChatErrorKind.Upstream, null)]
    [InlineData("\"m\"", ChatErrorKind.Upstream, null)]
    public async Task StreamAsync_ErrorInsideTheStream_IsMappedByWhatItNames(string error, ChatErrorKind kind, int? status)
    {
        ChatProviderException e = await FailAsync(HttpReply.Stream($"data: {{\"error\":{error}}}\n\ndata: [DONE]\n\n"));
        Assert.Equal((kind, status), (e.Kind, e.UpstreamStatus));
        Assert.Equal(kind != ChatErrorKind.Unauthorized, e.Message == "m");
    }

    [Fact]
    public async Task StreamAsync_ErrorInMidAnswer_ComesAfterWhatCameBefore()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(GoldenFile.Read("OpenAi/error.sse")));
        Heard heard = await UpstreamCall.AskAsync(upstream);
        Assert.Equal(("你好", ChatErrorKind.Upstream, "The server is overloaded"), (heard.Text, heard.Error?.Kind, heard.Error?.Message));
    }

    [Fact]
    public async Task StreamAsync_EventNamedError_IsAnError() =>
        Assert.Equal("m", (await FailAsync(HttpReply.Stream("event: error\ndata: {\"message\":\"m\"}\n\n"))).Message);

    [Fact]
    public async Task StreamAsync_LongMessage_IsCutBetweenCharactersAndCleaned()
    {
        string message = new string('x', 999) + "😀" + new string('y', 5000);
        ChatProviderException e = await FailAsync(HttpReply.Json(400, $$$"""{"error":{"message":"{{{message}}}"}}"""));
        Assert.Equal(new string('x', 999) + "…", e.Message);
        Assert.Equal("a  b c", (await FailAsync(HttpReply.Json(400, """{"error":{"message":"a\r\nb\u0000c"}}"""))).Message);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("<script>")]
    [InlineData("")]
    [InlineData("a\\nb")]
    public async Task StreamAsync_CodeThatIsNoWord_IsLeftOut(string code) =>
        Assert.Equal("invalid_request", (await FailAsync(HttpReply.Json(400, $$$"""{"error":{"message":"m","code":"{{{code}}}"}}"""))).Code);

    [Fact]
    public async Task StreamAsync_WebPageWith200_IsUnexpectedAndNamesTheFix()
    {
        ChatProviderException e = await FailAsync(HttpReply.Whole(200, "text/html; charset=utf-8", "<html>Log in</html>"u8.ToArray()));
        Assert.Equal(ChatErrorKind.WrongContentType, e.Kind);
        Assert.Contains("BaseUrl", e.Message, StringComparison.Ordinal);
        Assert.Equal(ChatErrorKind.WrongContentType, (await FailAsync(HttpReply.Whole(200, "text/html", "<html>Log in</html>"u8.ToArray()), UpstreamCall.WholeQuestion)).Kind);
    }

    [Fact]
    public async Task StreamAsync_JsonErrorWith200_IsTheError()
    {
        byte[] reply = HttpReply.Json(200, """{"error":{"message":"m","code":"429"}}""");
        Assert.Equal(ChatErrorKind.RateLimited, (await FailAsync(reply)).Kind);
        Assert.Equal(ChatErrorKind.RateLimited, (await FailAsync(reply, UpstreamCall.WholeQuestion)).Kind);
    }

    [Theory]
    [InlineData("""{"choices":[{"message":{"content":"a"}}]}""", ChatErrorKind.WrongContentType)]
    [InlineData("{}", ChatErrorKind.WrongContentType)]
    [InlineData("[1]", ChatErrorKind.UnexpectedResponse)]
    [InlineData("{\"half", ChatErrorKind.UnexpectedResponse)]
    public async Task StreamAsync_JsonInsteadOfAStream_IsUnexpected(string body, ChatErrorKind kind) =>
        Assert.Equal(kind, (await FailAsync(HttpReply.Json(200, body))).Kind);

    [Fact]
    public async Task StreamAsync_ErrorBodyIsHuge_TheStatusIsEnough()
    {
        ChatProviderException e = await FailAsync(HttpReply.Json(500, $$$"""{"error":{"message":"{{{new string('x', 70_000)}}}"}}"""));
        Assert.Equal((ChatErrorKind.Upstream, 500), (e.Kind, e.UpstreamStatus));
    }

    [Fact]
    public async Task StreamAsync_ErrorBodyNeverEnds_TheStatusIsEnough()
    {
        var time = new FakeTimeProvider();
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 429 Slow\r\nRetry-After: 3\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
            sent.SetResult();
            await connection.ClosedAsync();
        });
        using var call = new UpstreamCall(upstream.BaseUrl, time: time);
        Task<Heard> heard = call.AskAsync();
        await sent.Task;
        while (!heard.IsCompleted)
        {
            // The limit starts when the headers have been read, which only the provider knows.
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        ChatProviderException? e = (await heard).Error;
        Assert.Equal((ChatErrorKind.RateLimited, TimeSpan.FromSeconds(3)), (e?.Kind, e?.RetryAfter));
    }

    [Fact]
    public async Task StreamAsync_NobodyListens_IsConnect()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        using var call = new UpstreamCall(new Uri($"http://127.0.0.1:{port}/v1"));
        Heard heard = await call.AskAsync();
        Assert.Equal(ChatErrorKind.Connect, heard.Error?.Kind);
        Assert.DoesNotContain("127.0.0.1", heard.Error!.Message, StringComparison.Ordinal);
        Assert.Empty(heard.All);
    }

    [Fact]
    public async Task StreamAsync_HostIsUnknown_IsConnect()
    {
        using var call = new UpstreamCall(new Uri("http://sluice.invalid/v1"));
        Assert.Equal(ChatErrorKind.Connect, (await call.AskAsync()).Error?.Kind);
    }

    [Fact]
    public async Task StreamAsync_ConnectionDoesNotStandInTime_IsConnectTimeout()
    {
        // TLS belongs to connecting: a listener that never says a word makes it last.
        await using var upstream = new ScriptedUpstream(connection => connection.ClosedAsync());
        using var call = new UpstreamCall(new Uri($"https://127.0.0.1:{upstream.Port}/v1"),
            change: options => new() { BaseUrl = options.BaseUrl, ConnectTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Equal(ChatErrorKind.ConnectTimeout, (await call.AskAsync()).Error?.Kind);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nbroken header\r\n\r\n")]
    [InlineData("")]
    [InlineData("HTTP/1.1 2")]
    public async Task StreamAsync_AnswerIsNotHttp_IsConnect(string answer)
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8(answer));
        Assert.Equal(ChatErrorKind.Connect, (await UpstreamCall.AskAsync(upstream)).Error?.Kind);
    }

    [Fact]
    public async Task StreamAsync_ResetBeforeHeaders_IsConnectAndAskedOnce()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            connection.Reset();
        });
        Assert.Equal(ChatErrorKind.Connect, (await UpstreamCall.AskAsync(upstream)).Error?.Kind);
        Assert.Equal(1, upstream.Connections);
    }

    private static async Task<ChatProviderException> FailAsync(byte[] reply, ChatRequest? request = null)
    {
        await using var upstream = ScriptedUpstream.Answering(reply);
        Heard heard = await UpstreamCall.AskAsync(upstream, request: request);
        Assert.NotNull(heard.Error);
        return heard.Error;
    }

    [Theory]
    [InlineData("""{"error":{"message":"m","code":"content_policy_violation"}}""")]
    [InlineData("""{"error":{"message":"m","type":"moderation_error"}}""")]
    [InlineData("""{"error":{"message":"m","code":"content_filter"}}""")]
    public async Task StreamAsync_RefusedForWhatItSays_IsTheRequestsFaultWhateverTheStatus(string body)
    {
        Assert.Equal(ChatErrorKind.InvalidRequest, (await FailAsync(HttpReply.Json(403, body))).Kind);
        Assert.Equal(ChatErrorKind.InvalidRequest, (await FailAsync(HttpReply.Json(400, body))).Kind);
        Assert.Equal(ChatErrorKind.InvalidRequest, (await FailAsync(HttpReply.Json(200, body))).Kind);
    }
}
