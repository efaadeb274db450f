using System.Collections.Concurrent;
using Sluice.Chat;
using Sluice.Providers.OpenAi;

namespace Sluice.Tests.Providers.OpenAi;

public sealed class OpenAiRequestTests
{
    [Fact]
    public async Task StreamAsync_Request_IsExactlyThis()
    {
        UpstreamRequest request = await SeenAsync(ChatRequest.Parse("""{"model":"m","stream":true,"messages":[],"seed":1.50}"""u8.ToArray()).WithTraceId("t1"));
        Assert.Equal(
            """
            POST /v1/chat/completions HTTP/1.1
            Host: upstream
            Accept: text/event-stream
            Authorization: Bearer sk-canary-0123456789
            Accept-Encoding: identity
            Content-Type: application/json
            Content-Length: 93


            """.ReplaceLineEndings("\r\n"),
            request.Head);
        Assert.Equal("""{"stream_options":{"include_usage":true},"model":"m","stream":true,"messages":[],"seed":1.50}""", request.Text);
    }

    [Fact]
    public async Task StreamAsync_NotStreamed_AsksForJsonAndSendsTheBodyAsItIs()
    {
        UpstreamRequest request = await SeenAsync(ChatRequest.Parse("""{"model":"m" , "stream":false}"""u8.ToArray()));
        Assert.Contains("Accept: application/json\r\n", request.Head, StringComparison.Ordinal);
        Assert.Equal("""{"model":"m" , "stream":false}""", request.Text);
    }

    [Fact]
    public async Task StreamAsync_UsageIsNotAskedFor_BodyIsLeftAlone()
    {
        UpstreamRequest request = await SeenAsync(
            ChatRequest.Parse("""{"model":"m","stream":true}"""u8.ToArray()), options => new() { BaseUrl = options.BaseUrl, IncludeUsage = false });
        Assert.Equal("""{"model":"m","stream":true}""", request.Text);
        Assert.DoesNotContain("Authorization", request.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "/chat/completions")]
    [InlineData("/", "/chat/completions")]
    [InlineData("/v1", "/v1/chat/completions")]
    [InlineData("/v1/", "/v1/chat/completions")]
    [InlineData("/openai/deployments/a%20b?api-version=2024-06-01", "/openai/deployments/a%20b/chat/completions?api-version=2024-06-01")]
    public async Task StreamAsync_BaseUrl_IsTheRootOfThePath(string root, string path)
    {
        UpstreamRequest request = await SeenAsync(UpstreamCall.Question, options => new() { BaseUrl = new Uri(options.BaseUrl.GetLeftPart(UriPartial.Authority) + root) });
        Assert.StartsWith($"POST {path} HTTP/1.1\r\n", request.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":"c","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"\u4f60 你"},"finish_reason":"stop"}],"x":1.50}""")]
    [InlineData(" {\n \"choices\" : [ ] , \"error\" : null }\r\n")]
    public async Task StreamAsync_NotStreamed_BodyComesBackByteForByte(string body)
    {
        foreach (bool isChunked in (bool[])[false, true])
        {
            byte[] reply = isChunked
                ? [.. HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"), .. HttpReply.Chunk(body[..7]), .. HttpReply.Chunk(body[7..]), .. HttpReply.LastChunk]
                : HttpReply.Json(200, body);
            await using var upstream = ScriptedUpstream.Answering(reply);
            Heard heard = await UpstreamCall.AskAsync(upstream, request: UpstreamCall.WholeQuestion);
            Assert.Equal([(ChatChunkKind.Heartbeat, ""), (ChatChunkKind.Completion, body), (ChatChunkKind.Done, "")], heard.All);
            Assert.True(heard.IsDone);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{\"choices\":[]}", ChatErrorKind.Truncated)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{\"choices\":[", ChatErrorKind.UnexpectedResponse)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2000\r\n\r\n", ChatErrorKind.TooLarge)]
    public async Task StreamAsync_NotStreamedAndCutOrTooLarge_Fails(string reply, ChatErrorKind kind)
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8(reply), new byte[kind == ChatErrorKind.TooLarge ? 2000 : 0]);
        using var call = new UpstreamCall(upstream.BaseUrl, change: options => new() { BaseUrl = options.BaseUrl, MaxCompletionBytes = 1000 });
        Assert.Equal(kind, (await call.AskAsync(UpstreamCall.WholeQuestion)).Error?.Kind);
    }

    [Fact]
    public async Task ListModelsAsync_AsksForModelsAndReadsTheIds()
    {
        UpstreamRequest? seen = null;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            seen = await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.Json(200, """{"object":"list","data":[{"id":"b","x":1},{"id":"a/\u4f60"},{"id":""},{"id":7},{},1,null]}"""));
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        Assert.Equal(["b", "a/你"], await call.Provider.ListModelsAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("GET /v1/models HTTP/1.1\r\n", seen!.Head, StringComparison.Ordinal);
        Assert.Contains($"Authorization: Bearer {UpstreamCall.Key}\r\n", seen.Head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "[]", ChatErrorKind.UnexpectedResponse)]
    [InlineData(200, "{}", ChatErrorKind.UnexpectedResponse)]
    [InlineData(200, """{"data":{}}""", ChatErrorKind.UnexpectedResponse)]
    [InlineData(200, "<html>", ChatErrorKind.UnexpectedResponse)]
    [InlineData(401, """{"error":{"message":"sk-canary-0123456789"}}""", ChatErrorKind.Unauthorized)]
    [InlineData(404, "", ChatErrorKind.ModelNotFound)]
    [InlineData(500, "", ChatErrorKind.Upstream)]
    public async Task ListModelsAsync_AnythingElse_Fails(int status, string body, ChatErrorKind kind)
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Json(status, body));
        using var call = new UpstreamCall(upstream.BaseUrl);
        ChatProviderException e = await Assert.ThrowsAsync<ChatProviderException>(() => call.Provider.ListModelsAsync(TestContext.Current.CancellationToken));
        Assert.Equal(kind, e.Kind);
        Assert.DoesNotContain(UpstreamCall.Key, e.ToString(), StringComparison.Ordinal);
    }

    private static async Task<UpstreamRequest> SeenAsync(ChatRequest request, Func<OpenAiProviderOptions, OpenAiProviderOptions>? change = null)
    {
        var seen = new ConcurrentQueue<UpstreamRequest>();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            seen.Enqueue((await connection.ReadRequestAsync())!);
            await connection.WriteAsync(request.Stream ? HttpReply.Stream("data: [DONE]\n\n") : HttpReply.Json(200, """{"choices":[]}"""));
        });
        using var call = new UpstreamCall(upstream.BaseUrl, change: change);
        Assert.True((await call.AskAsync(request)).IsDone);
        UpstreamRequest one = Assert.Single(seen);
        return one with { Head = one.Head.Replace($"127.0.0.1:{upstream.Port}", "upstream", StringComparison.Ordinal) };
    }
}
