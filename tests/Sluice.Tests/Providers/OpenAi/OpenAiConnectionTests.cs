using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.OpenAi;

public sealed class OpenAiConnectionTests
{
    private const string Content = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    private const string Finish = "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n";
    private const string Done = "data: [DONE]\n\n";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Content, false)]
    [InlineData("", false)]
    [InlineData(Content + Finish, true)]
    [InlineData(Content + Finish + "data: {\"choices\":[],\"us", true)]
    public async Task StreamAsync_BodyIsCut_IsTruncatedUnlessTheModelHadFinished(string events, bool isDone)
    {
        foreach (bool reset in (bool[])[false, true])
        {
            var heard = new SemaphoreSlim(0);
            await using var upstream = new ScriptedUpstream(async connection =>
            {
                await connection.ReadRequestAsync();
                await connection.WriteAsync(HttpReply.StreamHead);
                if (events.Length > 0)
                    await connection.WriteAsync(HttpReply.Chunk(events));
                // A reset would overtake what has not been read.
                await heard.WaitAsync(Within.Bound);
                if (reset)
                    connection.Reset();
            });
            using var call = new UpstreamCall(upstream.BaseUrl);
            List<ChatChunkKind> kinds = [];
            ChatProviderException? error = null;
            int expected = 1 + events.Split("\n\n").Length - 1;
            try
            {
                await foreach (ChatChunk chunk in call.Provider.StreamAsync(UpstreamCall.Question, Token))
                {
                    kinds.Add(chunk.Kind);
                    if (kinds.Count == expected)
                        heard.Release();
                }
            }
            catch (ChatProviderException e)
            {
                error = e;
            }

            Assert.Equal(isDone ? null : ChatErrorKind.Truncated, error?.Kind);
            Assert.Equal(isDone, kinds[^1] == ChatChunkKind.Done);
            Assert.Equal(expected, kinds.Count - (isDone ? 1 : 0));
        }
    }

    [Fact]
    public async Task StreamAsync_ContentLengthIsCut_IsTruncated()
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 1000\r\n\r\n{Content}"));
        Assert.Equal(ChatErrorKind.Truncated, (await UpstreamCall.AskAsync(upstream)).Error?.Kind);
    }

    [Fact]
    public async Task StreamAsync_CloseDelimitedCut_IsTruncated()
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8($"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n{Content}"));
        Heard heard = await UpstreamCall.AskAsync(upstream);
        Assert.Equal((ChatErrorKind.Truncated, "a"), (heard.Error?.Kind, heard.Text));
    }

    [Fact]
    public async Task StreamAsync_WholeAnswers_ShareOneConnection()
    {
        foreach (string events in (string[])[Content + Finish + Done, Content + Finish])
        {
            await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(events));
            using var call = new UpstreamCall(upstream.BaseUrl);
            for (int i = 0; i < 5; i++)
                Assert.True((await call.AskAsync()).IsDone);
            Assert.Equal(1, upstream.Connections);
        }
    }

    [Fact]
    public async Task StreamAsync_EndOfBodyComesAfterDone_ConnectionIsStillUsedAgain()
    {
        var done = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.WriteAsync(HttpReply.StreamHead);
                await connection.WriteAsync(HttpReply.Chunk(Content + Finish + Done));
                await done.WaitAsync(Within.Bound);
                await connection.WriteAsync(HttpReply.LastChunk);
            }
        });
        using var call = new UpstreamCall(upstream.BaseUrl, time: new FakeTimeProvider());
        for (int i = 0; i < 3; i++)
        {
            await foreach (ChatChunk chunk in call.Provider.StreamAsync(UpstreamCall.Question, Token))
            {
                if (chunk.Kind == ChatChunkKind.Done)
                    done.Release();
            }
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Theory]
    [InlineData(Content)]
    [InlineData(Content + Content)]
    public async Task StreamAsync_ConsumerLeavesInMidAnswer_ConnectionIsClosedAndNotUsedAgain(string events)
    {
        var closed = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.StreamHead);
            await connection.WriteAsync(HttpReply.Chunk(events));
            await connection.ClosedAsync();
            closed.Release();
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        for (int i = 1; i <= 2; i++)
        {
            await foreach (ChatChunk chunk in call.Provider.StreamAsync(UpstreamCall.Question, Token))
            {
                if (chunk.IsToken)
                    break;
            }

            Assert.True(await closed.WaitAsync(Within.Bound, Token));
            Assert.Equal(i, upstream.Connections);
        }
    }

    [Fact]
    public async Task StreamAsync_ErrorInsideTheStream_ConnectionIsClosed()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.StreamHead);
            await connection.WriteAsync(HttpReply.Chunk("data: {\"error\":{\"message\":\"m\"}}\n\n"));
            await connection.ClosedAsync();
            closed.SetResult();
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        Assert.NotNull((await call.AskAsync()).Error);
        await closed.Task.WaitAsync(Within.Bound, Token);
    }

    [Theory]
    [InlineData("tls")]
    [InlineData("headers")]
    [InlineData("first token")]
    [InlineData("mid-stream")]
    [InlineData("half an event")]
    [InlineData("error body")]
    [InlineData("completion")]
    public async Task StreamAsync_Cancelled_EndsAtOnceInEveryState(string state)
    {
        var there = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            if (state != "tls")
                await connection.ReadRequestAsync();
            foreach (byte[] piece in Before(state))
                await connection.WriteAsync(piece);
            there.SetResult();
            await connection.ClosedAsync();
            closed.SetResult();
        });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = new UpstreamCall(state == "tls" ? new Uri($"https://127.0.0.1:{upstream.Port}/v1") : upstream.BaseUrl, change: o => new() { BaseUrl = o.BaseUrl, ConnectTimeout = TimeSpan.FromMinutes(5) });
        Task<Heard> asking = Heard.AllAsync(call.Provider, state == "completion" ? UpstreamCall.WholeQuestion : UpstreamCall.Question, cancel.Token);
        await there.Task.WaitAsync(Within.Bound, Token);
        Assert.False(asking.IsCompleted);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Within.Bound, Token));
        await closed.Task.WaitAsync(Within.Bound, Token);
    }

    [Fact]
    public async Task StreamAsync_CancelledWhileDraining_EndsAtOnceAndCloses()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.StreamHead);
            await connection.WriteAsync(HttpReply.Chunk(Content + Finish + Done));
            await connection.ClosedAsync();
            closed.SetResult();
        });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var call = new UpstreamCall(upstream.BaseUrl, time: new FakeTimeProvider());
        await using (IAsyncEnumerator<ChatChunk> chunks = call.Provider.StreamAsync(UpstreamCall.Question, cancel.Token).GetAsyncEnumerator(cancel.Token))
        {
            do
            {
                Assert.True(await chunks.MoveNextAsync());
            }
            while (chunks.Current.Kind != ChatChunkKind.Done);

            ValueTask<bool> end = chunks.MoveNextAsync();
            Assert.False(end.IsCompleted);
            await cancel.CancelAsync();
            Assert.False(await end);
        }

        await closed.Task.WaitAsync(Within.Bound, Token);
    }

    [Fact]
    public async Task StreamAsync_BodyNeverEndsAfterDone_IsLetGoAfterHalfASecond()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.StreamHead);
            await connection.WriteAsync(HttpReply.Chunk(Content + Finish + Done));
            await connection.ClosedAsync();
            closed.SetResult();
        });
        var time = new FakeTimeProvider();
        using var call = new UpstreamCall(upstream.BaseUrl, time: time);
        await using (IAsyncEnumerator<ChatChunk> chunks = call.Provider.StreamAsync(UpstreamCall.Question, Token).GetAsyncEnumerator(Token))
        {
            do
            {
                Assert.True(await chunks.MoveNextAsync());
            }
            while (chunks.Current.Kind != ChatChunkKind.Done);

            ValueTask<bool> end = chunks.MoveNextAsync();
            Assert.False(end.IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(500));
            Assert.False(await end);
        }

        await closed.Task.WaitAsync(Within.Bound, Token);
    }

    [Fact]
    public async Task StreamAsync_CancelledBeforehand_AsksNobody()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(Content));
        using var call = new UpstreamCall(upstream.BaseUrl);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Heard.AllAsync(call.Provider, UpstreamCall.Question, new CancellationToken(canceled: true)));
        Assert.Equal(0, upstream.Connections);
    }

    private static byte[][] Before(string state) => state switch
    {
        "first token" => [HttpReply.Utf8(HttpReply.StreamHead)],
        "mid-stream" => [HttpReply.Utf8(HttpReply.StreamHead), HttpReply.Chunk(Content)],
        "half an event" => [HttpReply.Utf8(HttpReply.StreamHead), HttpReply.Chunk(Content + "data: {\"cho")],
        "error body" => [HttpReply.Utf8("HTTP/1.1 500 Oops\r\nContent-Length: 100\r\n\r\n{")],
        "completion" => [HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")],
        _ => [],
    };
}
