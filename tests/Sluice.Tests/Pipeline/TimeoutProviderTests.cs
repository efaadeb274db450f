using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

public sealed class TimeoutProviderTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(2);

    private readonly CountingTime _time = new();
    private readonly ScriptedProvider _inner = new();
    private readonly ChatTimeouts _timeouts = new()
    {
        Headers = TimeSpan.FromSeconds(10),
        FirstToken = TimeSpan.FromSeconds(20),
        Idle = TimeSpan.FromSeconds(5),
        NonStreaming = TimeSpan.FromSeconds(40),
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StreamAsync_NoHeaders_IsHeadersTimeout()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        await FailsAfterAsync(chunks, 10, ChatErrorKind.HeadersTimeout, "Timeouts:Headers");
    }

    [Fact]
    public async Task StreamAsync_HeadersButNoToken_IsFirstTokenTimeoutCountedFromTheQuestion()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        Task<bool> next = chunks.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(9));
        _inner.Say(ChatChunk.Heartbeat);
        await FailsAfterAsync(next, 11, ChatErrorKind.FirstTokenTimeout, "Timeouts:FirstToken");
    }

    [Fact]
    public async Task StreamAsync_HeartbeatsAndPreambles_DoNotExtendTheFirstToken()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        Task<bool> next = chunks.MoveNextAsync().AsTask();
        for (int i = 0; i < 9; i++)
        {
            _inner.Say(ChatChunk.Heartbeat);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _inner.Say(Chunks.Role);
        Assert.True(await next);
        next = chunks.MoveNextAsync().AsTask();
        _inner.Say(ChatChunk.Heartbeat);
        await FailsAfterAsync(next, 11, ChatErrorKind.FirstTokenTimeout, "Timeouts:FirstToken");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_SilenceAfterTheFirstToken_IsIdleTimeout(bool isReasoning)
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        _inner.Say(ChatChunk.Heartbeat, isReasoning ? Chunks.Reasoning : Chunks.Token);
        Assert.True(await chunks.MoveNextAsync());
        await FailsAfterAsync(chunks, 5, ChatErrorKind.IdleTimeout, "Timeouts:Idle");
    }

    [Fact]
    public async Task StreamAsync_AnythingAfterTheFirstToken_ResetsIdle()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        _inner.Say(Chunks.Token);
        Assert.True(await chunks.MoveNextAsync());
        foreach (ChatChunk sign in (ChatChunk[])[Chunks.Role, Chunks.Usage, Chunks.Token, Chunks.Finish])
        {
            Task<bool> next = chunks.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromSeconds(4));
            _inner.Say(ChatChunk.Heartbeat);
            _time.Advance(TimeSpan.FromSeconds(4));
            _inner.Say(sign);
            Assert.True(await next);
            Assert.Equal(sign.Kind, chunks.Current.Kind);
        }

        await FailsAfterAsync(chunks, 5, ChatErrorKind.IdleTimeout, "Timeouts:Idle");
    }

    [Fact]
    public async Task StreamAsync_WhatComesMakesNoChunk_IsSilence()
    {
        var inner = new WokenProvider();
        await using IAsyncEnumerator<ChatChunk> chunks = new TimeoutProvider(inner, _timeouts, _time).StreamAsync(Chunks.Streamed, Token).GetAsyncEnumerator(Token);
        foreach (int after in (int[])[9, 4, 4])
        {
            Task<bool> next = chunks.MoveNextAsync().AsTask();
            for (int i = 0; i < after; i++)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
                inner.Dribble();
            }

            inner.Say(Chunks.Token);
            Assert.True(await next);
        }

        Task<bool> last = chunks.MoveNextAsync().AsTask();
        for (int i = 0; i < 4; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            inner.Dribble();
        }

        await FailsAfterAsync(last, 1, ChatErrorKind.IdleTimeout, "Timeouts:Idle");
    }

    [Fact]
    public async Task StreamAsync_NobodyReads_TimeStandsStill()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        _inner.Say(Chunks.Token);
        Assert.True(await chunks.MoveNextAsync());
        _time.Advance(TimeSpan.FromHours(1));
        Task<bool> next = chunks.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(next.IsCompleted);
        _inner.Say(Chunks.Token);
        Assert.True(await next);
    }

    [Fact]
    public async Task StreamAsync_WholeAnswer_PassesEverythingButHeartbeats()
    {
        _inner.Say(ChatChunk.Heartbeat, Chunks.Role, ChatChunk.Heartbeat, Chunks.Token, ChatChunk.Heartbeat, Chunks.Finish, Chunks.Usage, ChatChunk.Done).End();
        List<ChatChunkKind> kinds = [];
        await foreach (ChatChunk chunk in new TimeoutProvider(_inner, _timeouts, _time).StreamAsync(Chunks.Streamed, Token))
            kinds.Add(chunk.Kind);
        Assert.Equal([ChatChunkKind.Preamble, ChatChunkKind.Content, ChatChunkKind.Finish, ChatChunkKind.NoChoices | ChatChunkKind.Usage, ChatChunkKind.Done], kinds);
        Assert.True(_inner.IsDisposed);
    }

    [Fact]
    public async Task StreamAsync_NotStreamed_KnowsOneLimitOnly()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask(Chunks.Whole);
        Task<bool> next = chunks.MoveNextAsync().AsTask();
        _time.Advance(TimeSpan.FromSeconds(30));
        _inner.Say(ChatChunk.Heartbeat);
        await FailsAfterAsync(next, 10, ChatErrorKind.CompletionTimeout, "Timeouts:NonStreaming");
    }

    [Fact]
    public async Task StreamAsync_FirstTokenShorterThanHeaders_LimitsTheHeadersToo()
    {
        var provider = new TimeoutProvider(_inner, new ChatTimeouts { Headers = TimeSpan.FromSeconds(10), FirstToken = TimeSpan.FromSeconds(3) }, _time);
        await using IAsyncEnumerator<ChatChunk> chunks = provider.StreamAsync(Chunks.Streamed, Token).GetAsyncEnumerator(Token);
        ChatProviderException e = await FailsAfterAsync(chunks, 3, ChatErrorKind.HeadersTimeout, "3 s");
        Assert.Equal("upstream_headers_timeout", e.Code);
    }

    [Fact]
    public async Task StreamAsync_ThousandTokens_UseOneTimer()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        for (int i = 0; i < 1000; i++)
        {
            Task<bool> next = chunks.MoveNextAsync().AsTask();
            _time.Advance(TimeSpan.FromMilliseconds(30));
            _inner.Say(Chunks.Token);
            Assert.True(await next);
        }

        Assert.Equal(1, _time.Timers);
    }

    [Fact]
    public async Task StreamAsync_CallerCancels_IsCancelledAndNotATimeout()
    {
        using var caller = new CancellationTokenSource();
        await using IAsyncEnumerator<ChatChunk> chunks = new TimeoutProvider(_inner, _timeouts, _time).StreamAsync(Chunks.Streamed, caller.Token).GetAsyncEnumerator(caller.Token);
        Task<bool> next = chunks.MoveNextAsync().AsTask();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal((true, true), (_inner.WasCancelled, _inner.IsDisposed));
    }

    [Fact]
    public async Task StreamAsync_UpstreamFails_PassesItsOwnError()
    {
        _inner.Fail(new ChatProviderException(ChatErrorKind.RateLimited, "m"));
        await using IAsyncEnumerator<ChatChunk> chunks = Ask();
        Assert.Equal(ChatErrorKind.RateLimited, (await Assert.ThrowsAsync<ChatProviderException>(async () => await chunks.MoveNextAsync())).Kind);
    }

    [Fact]
    public async Task StreamAsync_TimedOut_LetsGoOfTheUpstream()
    {
        await using (IAsyncEnumerator<ChatChunk> chunks = Ask())
            await FailsAfterAsync(chunks, 10, ChatErrorKind.HeadersTimeout, "");
        Assert.Equal((true, true), (_inner.WasCancelled, _inner.IsDisposed));
    }

    private IAsyncEnumerator<ChatChunk> Ask(ChatRequest? request = null) =>
        new TimeoutProvider(_inner, _timeouts, _time).StreamAsync(request ?? Chunks.Streamed, Token).GetAsyncEnumerator(Token);

    private Task<ChatProviderException> FailsAfterAsync(IAsyncEnumerator<ChatChunk> chunks, int seconds, ChatErrorKind kind, string says) =>
        FailsAfterAsync(chunks.MoveNextAsync().AsTask(), seconds, kind, says);

    private async Task<ChatProviderException> FailsAfterAsync(Task<bool> next, int seconds, ChatErrorKind kind, string says)
    {
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(seconds) - s_tick);
        Assert.False(next.IsCompleted);
        _time.Advance(s_tick * 2);
        ChatProviderException e = await Assert.ThrowsAsync<ChatProviderException>(async () => await next.Soon());
        Assert.Equal(kind, e.Kind);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        return e;
    }
}
