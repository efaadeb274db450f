using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

public sealed class GuideProviderTests
{
    private static readonly GuideAnswer Answer = new(new GuideSearch(GuideLibrary.Load()));

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("how do I connect Bella?")]
    [InlineData("如何连接 Bella？")]
    [InlineData("hi")]
    [InlineData("What is the capital of France?")]
    public async Task StreamAsync_Question_PiecesJoinToTheWholeAnswer(string question)
    {
        var chunks = await ReadAsync(ChatRequest.FromQuestion(question));

        var text = string.Concat(chunks.Select(chunk => chunk.GetProperty("choices")[0].GetProperty("delta"))
            .Select(delta => delta.TryGetProperty("content", out var content) ? content.GetString() : ""));
        Assert.Equal(Answer.To(question), text);
    }

    [Fact]
    public async Task StreamAsync_Question_RoleFirstThenWordsThenFinish()
    {
        var chunks = await ReadAsync(ChatRequest.FromQuestion("hi", "guide"));

        Assert.Equal("assistant", chunks[0].GetProperty("choices")[0].GetProperty("delta").GetProperty("role").GetString());
        Assert.Equal("stop", chunks[^1].GetProperty("choices")[0].GetProperty("finish_reason").GetString());
        Assert.All(chunks, chunk =>
        {
            Assert.Equal("chat.completion.chunk", chunk.GetProperty("object").GetString());
            Assert.Equal("guide", chunk.GetProperty("model").GetString());
            Assert.Equal(chunks[0].GetProperty("id").GetString(), chunk.GetProperty("id").GetString());
            Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds(), chunk.GetProperty("created").GetInt64());
        });
    }

    [Fact]
    public async Task StreamAsync_UsageAsked_ComesLastWithoutChoices()
    {
        var request = Parse("""{"stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"connect Bella"}]}""");

        var chunks = await ReadAsync(request);

        var usage = chunks[^1].GetProperty("usage");
        Assert.Empty(chunks[^1].GetProperty("choices").EnumerateArray());
        Assert.Equal(2, usage.GetProperty("prompt_tokens").GetInt32());
        Assert.Equal(chunks.Count - 3, usage.GetProperty("completion_tokens").GetInt32());
        Assert.Equal(chunks.Count - 1, usage.GetProperty("total_tokens").GetInt32());
    }

    [Fact]
    public async Task StreamAsync_ChineseText_IsNotEscaped()
    {
        var raw = new StringBuilder();
        await foreach (var chunk in Provider(TimeSpan.Zero).StreamAsync(ChatRequest.FromQuestion("你好"), Cancellation))
        {
            raw.Append(Encoding.UTF8.GetString(chunk.Json.Span));
        }

        Assert.Contains("你好", raw.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\\u", raw.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamAsync_WholeAnswer_EndsInOneDone()
    {
        var kinds = new List<ChatChunkKind>();
        await foreach (var chunk in Provider(TimeSpan.Zero).StreamAsync(ChatRequest.FromQuestion("hi"), Cancellation))
        {
            kinds.Add(chunk.Kind);
        }

        Assert.Equal(ChatChunkKind.Done, kinds[^1]);
        Assert.Equal(ChatChunkKind.Finish, kinds[^2]);
        Assert.Single(kinds, ChatChunkKind.Done);
    }

    [Fact]
    public async Task StreamAsync_NotStreamed_OneCompletionThenDone()
    {
        var request = Parse("""{"stream":false,"messages":[{"role":"user","content":"如何连接 Bella？"}]}""");

        await using var chunks = Provider(TimeSpan.FromMilliseconds(15)).StreamAsync(request, Cancellation).GetAsyncEnumerator(Cancellation);

        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal(ChatChunkKind.Completion, chunks.Current.Kind);
        using var body = JsonDocument.Parse(chunks.Current.Json);
        var choice = body.RootElement.GetProperty("choices")[0];
        Assert.Equal("chat.completion", body.RootElement.GetProperty("object").GetString());
        Assert.Equal(Answer.To("如何连接 Bella？"), choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.True(body.RootElement.GetProperty("usage").GetProperty("total_tokens").GetInt32() > 0);
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal(ChatChunkKind.Done, chunks.Current.Kind);
        Assert.False(await chunks.MoveNextAsync());
    }

    [Fact]
    public async Task StreamAsync_SeveralTurns_AnswersTheLastQuestion()
    {
        var request = Parse("""
            {"stream":true,"messages":[{"role":"user","content":"how do I connect Ollama?"},{"role":"assistant","content":"..."},{"role":"user","content":"hi"}]}
            """);

        var chunks = await ReadAsync(request);

        Assert.Equal("Hello! ", chunks[1].GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
    }

    [Fact]
    public async Task StreamAsync_Interval_OneWordPerTick()
    {
        var interval = TimeSpan.FromMilliseconds(15);
        await using var chunks = Provider(interval).StreamAsync(ChatRequest.FromQuestion("hi"), Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await chunks.MoveNextAsync());

        for (var word = 0; word < 3; word++)
        {
            var next = chunks.MoveNextAsync();
            _time.Advance(interval - TimeSpan.FromTicks(1));
            Assert.False(next.IsCompleted);
            _time.Advance(TimeSpan.FromTicks(1));
            Assert.True(await next);
            Assert.Equal(ChatChunkKind.Content, chunks.Current.Kind);
        }
    }

    [Fact]
    public async Task StreamAsync_CancelledBetweenTwoWords_EndsAtOnce()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var chunks = Provider(TimeSpan.FromMilliseconds(15)).StreamAsync(ChatRequest.FromQuestion("hi"), cancellation.Token)
            .GetAsyncEnumerator(Cancellation);
        Assert.True(await chunks.MoveNextAsync());
        var next = chunks.MoveNextAsync();

        await cancellation.CancelAsync();

        // The clock stands still: only the token can end the wait.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
    }

    [Fact]
    public async Task StreamAsync_NoIntervalAndCancelled_EndsAtTheNextWord()
    {
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var chunks = Provider(TimeSpan.Zero).StreamAsync(ChatRequest.FromQuestion("hi"), cancellation.Token).GetAsyncEnumerator(Cancellation);
        Assert.True(await chunks.MoveNextAsync());

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await chunks.MoveNextAsync());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1001)]
    public void TokenInterval_OutOfRange_Throws(int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new GuideOptions { TokenInterval = TimeSpan.FromMilliseconds(milliseconds) });

    private static ChatRequest Parse(string json) => ChatRequest.Parse(Encoding.UTF8.GetBytes(json));

    private GuideProvider Provider(TimeSpan interval) => new(_time, new GuideOptions { TokenInterval = interval });

    private async Task<List<JsonElement>> ReadAsync(ChatRequest request)
    {
        var chunks = new List<JsonElement>();
        await foreach (var chunk in Provider(TimeSpan.Zero).StreamAsync(request, Cancellation))
        {
            if (chunk.Kind != ChatChunkKind.Done)
            {
                using var json = JsonDocument.Parse(chunk.Json);
                chunks.Add(json.RootElement.Clone());
            }
        }

        return chunks;
    }
}
