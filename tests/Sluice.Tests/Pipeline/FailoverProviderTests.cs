using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

public sealed class FailoverProviderTests
{
    private static readonly string[] s_whole = ["role", "a", "Finish", "Done"];

    [Fact]
    public async Task StreamAsync_FirstTargetAnswers_NobodyElseIsAskedAndNothingIsAdded()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Whole()), new FakeTarget(FakeTarget.Whole("b")));
        Assert.Equal(s_whole, await new FailoverBench(first, second).AskAsync());
        Assert.Equal((1, 0, 0), (first.Calls, second.Calls, first.Open));
        Assert.Equal("x", Assert.Single(first.Models));
    }

    [Fact]
    public async Task StreamAsync_ChunkComesBetweenTwoLooks_IsNotTakenForTheEnd()
    {
        var target = new CompletingTarget(Script.TextJson("a"), Script.TextJson("b"), Script.TextJson("c"), """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""");
        Assert.Equal(["a", "b", "c", "Finish", "Done"], await new FailoverBench(target).AskAsync().Soon());
    }

    [Theory]
    [InlineData(ChatErrorKind.Upstream)]
    [InlineData(ChatErrorKind.Connect)]
    [InlineData(ChatErrorKind.Truncated)]
    [InlineData(ChatErrorKind.Malformed)]
    [InlineData(ChatErrorKind.RateLimited)]
    public async Task StreamAsync_FailsOnce_IsAskedAgainAndNothingOfTheFirstTryIsShown(ChatErrorKind kind)
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing(kind), FakeTarget.Whole()), new FakeTarget(FakeTarget.Whole("b")));
        var bench = new FailoverBench(first, second) { Random = 0 };
        Assert.Equal(["Retrying", "Attempt", .. s_whole], await bench.AskAsync().Soon());
        Assert.Equal((2, 0), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task StreamAsync_Fails_WaitsAsJitterSays()
    {
        var target = new FakeTarget(FakeTarget.Failing(), FakeTarget.Failing(), FakeTarget.Whole());
        var bench = new FailoverBench(target);
        var heard = bench.AskAsync();
        bench.Time.Advance(TimeSpan.FromMilliseconds(124));
        Assert.Equal(1, target.Calls);
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        await Within.UntilAsync(() => target.Calls == 2);
        bench.Time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Equal(2, target.Calls);
        await AdvanceUntilAsync(bench, TimeSpan.FromMilliseconds(1), heard);
        Assert.Equal(["Retrying", "Attempt", "Retrying", "Attempt", .. s_whole], await heard);
    }

    [Fact]
    public async Task StreamAsync_TargetSaysWhenToComeBack_IsAskedThen()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing(ChatErrorKind.RateLimited, 3), FakeTarget.Whole()), new FakeTarget(FakeTarget.Whole("b")));
        var bench = new FailoverBench(first, second) { Random = 0 };
        var heard = bench.AskAsync();
        bench.Time.Advance(TimeSpan.FromMilliseconds(2999));
        Assert.Equal(1, first.Calls);
        await AdvanceUntilAsync(bench, TimeSpan.FromMilliseconds(1), heard);
        Assert.Equal(["Retrying", "Attempt", .. s_whole], await heard);
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task StreamAsync_TargetWantsMoreTimeThanIsWaited_NextIsAskedAtOnce()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing(ChatErrorKind.RateLimited, 6)), new FakeTarget(FakeTarget.Whole()));
        Assert.Equal(["Attempt, FailingOver", .. s_whole], await new FailoverBench(first, second).AskAsync().Soon());
        Assert.Equal(1, first.Calls);
    }

    [Theory]
    [InlineData(ChatErrorKind.ConnectTimeout)]
    [InlineData(ChatErrorKind.HeadersTimeout)]
    [InlineData(ChatErrorKind.FirstTokenTimeout)]
    [InlineData(ChatErrorKind.IdleTimeout)]
    [InlineData(ChatErrorKind.CompletionTimeout)]
    [InlineData(ChatErrorKind.Unauthorized)]
    [InlineData(ChatErrorKind.BudgetExhausted)]
    [InlineData(ChatErrorKind.ModelNotFound)]
    [InlineData(ChatErrorKind.UnexpectedResponse)]
    [InlineData(ChatErrorKind.TooLarge)]
    [InlineData(ChatErrorKind.Overloaded)]
    public async Task StreamAsync_FailsInAWayThatAskingAgainDoesNotMend_NextIsAskedAtOnce(ChatErrorKind kind)
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing(kind)), new FakeTarget(FakeTarget.Whole()));
        Assert.Equal(["Attempt, FailingOver", .. s_whole], await new FailoverBench(first, second).AskAsync().Soon());
        Assert.Equal((1, 1), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task StreamAsync_RequestIsRefused_NobodyElseIsAsked()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing(ChatErrorKind.InvalidRequest)), new FakeTarget(FakeTarget.Whole()));
        var heard = new List<string>();
        Assert.Equal("failed with InvalidRequest", (await new FailoverBench(first, second).FailAsync(heard: heard)).Message);
        Assert.Equal((1, 0), (first.Calls, second.Calls));
        Assert.Empty(heard);
    }

    [Fact]
    public async Task StreamAsync_RetriesAreUsedUp_NextIsAsked()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing()), new FakeTarget(FakeTarget.Failing(), FakeTarget.Whole()));
        var bench = new FailoverBench(first, second) { Random = 0 };
        Assert.Equal(["Retrying", "Attempt", "Retrying", "Attempt", "Attempt, FailingOver", "Retrying", "Attempt", .. s_whole], await bench.AskAsync().Soon());
        Assert.Equal((3, 2), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task StreamAsync_NotStreamed_IsRetriedToo()
    {
        var first = new FakeTarget(new Script().Fail(new ChatProviderException(ChatErrorKind.Upstream, "x")), new Script().Completion("{}").Done());
        Assert.Equal(["Retrying", "Attempt", "Completion", "Done"], await new FailoverBench(first) { Random = 0 }.AskAsync(Chunks.Whole).Soon());
    }

    [Fact]
    public async Task StreamAsync_EndsWithoutAnEnd_IsTruncatedAndAskedAgain()
    {
        var target = new FakeTarget(new Script().Role(), FakeTarget.Whole());
        Assert.Equal(["Retrying", "Attempt", .. s_whole], await new FailoverBench(target) { Random = 0 }.AskAsync().Soon());
    }

    [Fact]
    public async Task StreamAsync_EndsWithoutAnEndInMidAnswer_IsTruncatedAndTold()
    {
        var (first, second) = (new FakeTarget(new Script().Text("a").Hop().Text("b")), new FakeTarget(FakeTarget.Whole()));
        var heard = new List<string>();
        Assert.Equal(ChatErrorKind.Truncated, (await new FailoverBench(first, second).FailAsync(heard: heard)).Kind);
        Assert.Equal(["a", "b"], heard);
        Assert.Equal((1, 0, 0), (first.Calls, second.Calls, first.Open));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_FailsInMidAnswer_IsToldAndNobodyElseIsAsked(bool hops)
    {
        var script = new Script().Text("a");
        script = (hops ? script.Hop() : script).Fail(new ChatProviderException(ChatErrorKind.IdleTimeout, "silent"));
        var (first, second) = (new FakeTarget(script), new FakeTarget(FakeTarget.Whole()));
        var heard = new List<string>();
        Assert.Equal("silent", (await new FailoverBench(first, second).FailAsync(heard: heard)).Message);
        Assert.Equal(["a"], heard);
        Assert.Equal((1, 0, 0), (first.Calls, second.Calls, first.Open));
    }

    [Fact]
    public async Task StreamAsync_FailsBehindTheEnd_IsNoFailureOfTheTarget()
    {
        var bench = new FailoverBench(new FakeTarget(new Script().Text("a").Done().Fail(new ChatProviderException(ChatErrorKind.Truncated, "late"))));
        var heard = new List<string>();
        await bench.FailAsync(heard: heard);
        Assert.Equal(["a", "Done"], heard);
        Assert.Equal((1L, 0L), (bench.Targets[0].Health.Describe("m", "t1", null).Succeeded, bench.Targets[0].Health.Describe("m", "t1", null).Failed));
    }

    [Fact]
    public async Task StreamAsync_ManyChunksInManyRounds_AllComeInOrder()
    {
        var script = new Script().Role();
        for (var i = 0; i < 500; i++)
        {
            script = (i % 3 == 0 ? script.Hop() : script).Text($"t{i}");
        }

        var heard = await new FailoverBench(new FakeTarget(script.Done())).AskAsync().Soon();
        Assert.Equal(["role", .. Enumerable.Range(0, 500).Select(i => $"t{i}"), "Done"], heard);
    }

    [Fact]
    public async Task StreamAsync_Defect_IsToldInTheLogAndTheNextIsAsked()
    {
        var defect = new InvalidOperationException("a bug");
        var bench = new FailoverBench(new FakeTarget(new Script().Fail(defect)), new FakeTarget(FakeTarget.Whole()));
        Assert.Equal(["Attempt, FailingOver", .. s_whole], await bench.AskAsync().Soon());
        var record = Assert.Single(bench.Log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error);
        Assert.Same(defect, record.Exception);
    }

    [Fact]
    public async Task StreamAsync_CancelledInAPause_EndsAtOnce()
    {
        using var caller = new CancellationTokenSource();
        var target = new FakeTarget(FakeTarget.Failing());
        var heard = new FailoverBench(target).AskUntilAsync(null, [], caller.Token);
        Assert.False(heard.IsCompleted);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => heard.Soon());
        Assert.Equal((1, 0), (target.Calls, target.Open));
    }

    [Fact]
    public async Task StreamAsync_CancelledInACall_IsNoFailure()
    {
        using var caller = new CancellationTokenSource();
        var (first, second) = (new FakeTarget(new Script().Role().Hang()), new FakeTarget(FakeTarget.Whole()));
        var bench = new FailoverBench(first, second);
        var heard = bench.AskUntilAsync(null, [], caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => heard.Soon());
        Assert.Equal((1, 0, 0), (first.Calls, second.Calls, first.Open));
        Assert.Equal((0L, 0), (bench.Targets[0].Health.Describe("m", "t1", null).Failed, bench.Targets[0].Health.Describe("m", "t1", null).Active));
    }

    [Fact]
    public async Task StreamAsync_TokenOfTheEnumeration_CancelsToo()
    {
        using var asked = new CancellationTokenSource();
        using var read = new CancellationTokenSource();
        var target = new FakeTarget(new Script().Hang());
        await using var chunks = new FailoverBench(target).Provider.StreamAsync(Chunks.Streamed, asked.Token).GetAsyncEnumerator(read.Token);
        var next = chunks.MoveNextAsync().AsTask();
        await read.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Soon());
    }

    [Fact]
    public async Task StreamAsync_CallsAreUsedUp_IsToldWhoWasAsked()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing()), new FakeTarget(FakeTarget.Whole()));
        var bench = new FailoverBench(first, second) { Random = 0, Options = new RetryOptions { MaxAttempts = 3 } };
        Assert.Equal("failed with Upstream", (await bench.FailAsync()).Message);
        Assert.Equal((3, 0), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task StreamAsync_TimeIsUsedUpInALaterCall_ThatCallIsEnded()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout)), new FakeTarget(new Script().Role().Hang()));
        var bench = new FailoverBench(first, second) { Options = new RetryOptions { Within = TimeSpan.FromSeconds(30) } };
        var failing = bench.FailAsync();
        await Within.UntilAsync(() => second.Calls == 1);
        bench.Time.Advance(TimeSpan.FromMilliseconds(29_999));
        Assert.False(failing.IsCompleted);
        bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Contains("t2/x: No answer was under way within 30 s, all tries together (Retry:Within).", (await failing.Soon()).Message, StringComparison.Ordinal);
        Assert.Equal(0, second.Open);
        Assert.Equal(0, bench.Targets[1].Health.Describe("m", "t2", null).Failed);
    }

    [Fact]
    public async Task StreamAsync_AnswerUnderWay_IsNotEndedByTheTimeOfTheTries()
    {
        var gate = Script.New();
        var second = new FakeTarget(new Script().Text("a").Wait(gate.Task).Text("b").Done());
        var bench = new FailoverBench(new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout)), second);
        var heard = new List<string>();
        var asking = bench.AskAsync(heard: heard);
        await Within.UntilAsync(() => heard.Count == 2);
        bench.Time.Advance(TimeSpan.FromDays(1));
        gate.SetResult();
        await asking.Soon();
        Assert.Equal(["Attempt, FailingOver", "a", "b", "Done"], heard);
    }

    [Fact]
    public async Task StreamAsync_BudgetIsUsedUp_NothingIsRetriedButTheNextTargetIsAsked()
    {
        var (first, second) = (new FakeTarget(FakeTarget.Failing()), new FakeTarget(FakeTarget.Whole()));
        var bench = new FailoverBench(first, second) { Random = 0, Options = new RetryOptions { BudgetPercent = 0 } };
        while (bench.Services.Budget.TryTake())
        {
        }

        Assert.Equal(["Attempt, FailingOver", .. s_whole], await bench.AskAsync().Soon());
        Assert.Equal((1, 1), (first.Calls, second.Calls));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_TokensBehindTheCommit_CostNoAllocation(bool areAhead)
    {
        var target = new PulseProvider { IsAhead = true };
        await using var chunks = new FailoverBench(target).Provider.StreamAsync(Chunks.Streamed, CancellationToken.None).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await chunks.MoveNextAsync());
        target.IsAhead = areAhead;
        Pass(100);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(10_000);

        // The least object for each would be 240,000. Now and then the runtime allocates something of its own on the thread, once.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 24_000);

        void Pass(int count)
        {
            for (var i = 0; i < count; i++)
            {
                var next = chunks.MoveNextAsync();
                if (!areAhead)
                {
                    target.Pulse();
                }

                if (!next.IsCompletedSuccessfully || !next.GetAwaiter().GetResult() || !chunks.Current.IsToken)
                {
                    throw new InvalidOperationException("A token was held up.");
                }
            }
        }
    }

    [Fact]
    public async Task StreamAsync_FailsAndThenFailsToLetGo_TheNextIsAskedAllTheSame()
    {
        var defect = new InvalidOperationException("a bug in dispose");
        var bench = new FailoverBench(new LastingProvider(new ChatProviderException(ChatErrorKind.HeadersTimeout, "late"), defect), new FakeTarget(FakeTarget.Whole()));
        Assert.Equal(["Attempt, FailingOver", .. s_whole], await bench.AskAsync().Soon());
        Assert.Same(defect, Assert.Single(bench.Log.Collector.GetSnapshot(), record => record.Level == LogLevel.Error).Exception);
        Assert.Equal(0, bench.Targets[0].Health.Describe("m", "t1", null).Active);
    }

    private static async Task AdvanceUntilAsync(FailoverBench bench, TimeSpan step, Task done)
    {
        // What a pause ends in goes on in another thread; the clock moves on once it is there.
        while (!done.IsCompleted)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            bench.Time.Advance(step);
            await Task.Yield();
        }
    }
}
