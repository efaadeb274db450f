using Sluice.Chat;

namespace Sluice.Tests.Providers.Bella;

public sealed class BellaProviderTests
{
    [Fact]
    public async Task StreamAsync_ThreeFlushesAnEventAndEveryQuirk_PassesEveryChunkByteForByte()
    {
        Heard heard = await AskInFlushesAsync("Bella/stream.sse");
        Assert.True(heard.IsDone, heard.Error?.Message);
        Assert.Equal(GoldenFile.Data("Bella/stream.sse"), heard.Chunks);
        Assert.Equal(("你好👋", "stop"), (heard.Text, heard.FinishReason));
        Assert.Equal("""{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}""", heard.Usage);
    }

    [Fact]
    public async Task StreamAsync_EndsWithoutDone_IsDone()
    {
        Heard heard = await AskInFlushesAsync("Bella/no-done.sse");
        Assert.True(heard.IsDone, heard.Error?.Message);
        Assert.Equal(4, heard.Chunks.Count);
    }

    [Fact]
    public async Task StreamAsync_SensitivesAndEmptyChoices_NeitherShowNorEndAnything()
    {
        Heard heard = await AskInFlushesAsync("Bella/stream.sse");
        Assert.All(heard.All.Where(chunk => chunk.Json.Contains("sensitives", StringComparison.Ordinal)), chunk => Assert.Equal(ChatChunkKind.NoChoices, chunk.Kind));
        Assert.Equal(ChatChunkKind.Preamble, heard.All.Single(chunk => chunk.Json.Contains("requestRiskData", StringComparison.Ordinal)).Kind);
    }

    [Fact]
    public async Task StreamAsync_ToolCallsWithEmptyIdsAndNullTypes_PassUntouched()
    {
        Heard heard = await AskInFlushesAsync("Bella/tool-calls.sse");
        Assert.True(heard.IsDone);
        Assert.Equal(GoldenFile.Data("Bella/tool-calls.sse"), heard.Chunks);
    }

    [Fact]
    public async Task StreamAsync_MergedReasoning_CountsOnce()
    {
        Heard heard = await AskInFlushesAsync("Bella/merged-reasoning.sse");
        Assert.True(heard.IsDone);
        Assert.Equal("答案", heard.Text);
    }

    [Fact]
    public async Task StreamAsync_ErrorInsideTheStreamThenAStrayBody_IsTheError()
    {
        Heard heard = await AskInFlushesAsync("Bella/error.sse");
        Assert.Equal("好", heard.Text);
        Assert.Equal((ChatErrorKind.RateLimited, 429, true), (heard.Error?.Kind, heard.Error?.UpstreamStatus, heard.Error?.IsRetryable));
        Assert.Equal("渠道当前负载过高，请稍后重试", heard.Error?.Message);
    }

    [Theory]
    [InlineData("QPS 超过限制", "Retry-After: 1", ChatErrorKind.RateLimited, 1, true)]
    [InlineData("渠道当前负载过高", "X: y", ChatErrorKind.RateLimited, null, true)]
    [InlineData("您的试用额度已用完", "X: y", ChatErrorKind.RateLimited, 60, true)]
    [InlineData("已达每月额度上限", "Retry-After: 1", ChatErrorKind.BudgetExhausted, 1, false)]
    [InlineData("主ak的总额度已达上限", "X: y", ChatErrorKind.BudgetExhausted, null, false)]
    [InlineData("something else", "X: y", ChatErrorKind.RateLimited, null, true)]
    public async Task StreamAsync_429_MeansOneOfFourThings(string message, string header, ChatErrorKind kind, int? retryAfter, bool isRetryable)
    {
        string error = $$$"""{"error":{"code":"429","httpCode":429,"message":"{{{message}}}","type":"Too Many Requests"}}""";
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Json(429, error, header));
        ChatProviderException? e = (await UpstreamCall.AskAsync(upstream, isBella: true)).Error;
        Assert.Equal((kind, retryAfter, isRetryable, message), (e?.Kind, e?.RetryAfter?.TotalSeconds, e?.IsRetryable, e?.Message));
    }

    [Fact]
    public async Task StreamAsync_TraceId_IsPropagated()
    {
        UpstreamRequest? seen = null;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                seen = request;
                await connection.WriteAsync(HttpReply.Stream("data:[DONE]\n\n"));
            }
        });
        using var call = new UpstreamCall(upstream.BaseUrl, isBella: true);
        Assert.True((await call.AskAsync(UpstreamCall.Question.WithTraceId("trace-1"))).IsDone);
        Assert.Contains("X-BELLA-TRACE-ID: trace-1\r\n", seen!.Head, StringComparison.Ordinal);
        Assert.True((await call.AskAsync()).IsDone);
        Assert.DoesNotContain("X-BELLA-TRACE-ID", seen.Head, StringComparison.Ordinal);
    }

    // Bella flushes `data:`, the JSON and the two newlines each for itself.
    private static async Task<Heard> AskInFlushesAsync(string file)
    {
        string events = System.Text.Encoding.UTF8.GetString(GoldenFile.Read(file));
        List<byte[]> pieces = [HttpReply.Utf8(HttpReply.StreamHead)];
        foreach (string one in events.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            bool isEvent = one.StartsWith("data:", StringComparison.Ordinal);
            pieces.AddRange(isEvent ? [HttpReply.Chunk("data:"), HttpReply.Chunk(one["data:".Length..]), HttpReply.Chunk("\n\n")] : [HttpReply.Chunk(one)]);
        }

        pieces.Add(HttpReply.LastChunk);
        await using var upstream = ScriptedUpstream.Answering([.. pieces]);
        return await UpstreamCall.AskAsync(upstream, isBella: true);
    }
}
