using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>A second target beside one that is slow to begin. Each model may be hedged for every question, unless a test says less.</summary>
public sealed class HedgeTests
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan s_instant = TimeSpan.FromMilliseconds(1);
    private static readonly HedgeOptions s_always = new() { Delay = s_delay, MaxPercent = 100 };

    [Fact]
    public async Task StreamAsync_FirstAnswersWithinTheDelay_NobodyElseIsAsked()
    {
        var gate = Script.New();
        var (first, second) = (new FakeTarget(new Script().Role().Wait(gate.Task).Text("a").Finish().Done()), new FakeTarget(FakeTarget.Whole("b")));
        var bench = new FailoverBench(first, second) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay - s_instant);
        gate.SetResult();
        Assert.Equal(["role", "a", "Finish", "Done"], await heard.Soon());
        Assert.Equal((1, 0, 0), (first.Calls, second.Calls, first.Open));
    }

    [Fact]
    public async Task StreamAsync_FirstSaysNothing_SecondAnswersAndOnlyItIsHeard()
    {
        var (first, second) = (new FakeTarget(new Script().Role().Hang()), new FakeTarget(FakeTarget.Whole("b")));
        var bench = new FailoverBench(first, second) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay - s_instant);
        Assert.Equal(0, second.Calls);
        bench.Time.Advance(s_instant);
        Assert.Equal(["Attempt", "role", "b", "Finish", "Done"], await heard.Soon());
        Assert.Equal((1, 1, 0, 0), (first.Calls, second.Calls, first.Open, second.Open));
        Assert.Equal((0L, 0L, 0), Health(bench, 0));
        Assert.Equal((1L, 0L, 0), Health(bench, 1));
    }

    [Fact]
    public async Task StreamAsync_FirstAnswersAfterAll_SecondIsCalledOff()
    {
        var gate = Script.New();
        var late = new Script().Role().Hang();
        var bench = new FailoverBench(new FakeTarget(new Script().Role().Wait(gate.Task).Text("a").Finish().Done()), new FakeTarget(late)) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay);
        await late.Asked.Soon();
        gate.SetResult();
        Assert.Equal(["Attempt", "role", "a", "Finish", "Done"], await heard.Soon());
        await late.Cancelled.Soon();
        Assert.Equal(0, late.Open);
        Assert.Equal((1L, 0L, 0), Health(bench, 0));
        Assert.Equal((0L, 0L, 0), Health(bench, 1));
    }

    [Fact]
    public async Task StreamAsync_OneAnswers_OtherIsLetGoWhileTheAnswerGoesOn()
    {
        var gate = Script.New();
        var slow = new Script().Role().Hang();
        var bench = new FailoverBench(new FakeTarget(slow), new FakeTarget(new Script().Text("b").Wait(gate.Task).Finish().Done())) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay);
        await slow.LetGo.Soon();
        await Within.UntilAsync(() => Health(bench, 0).Active == 0);
        Assert.False(heard.IsCompleted);
        gate.SetResult();
        Assert.Equal(["Attempt", "b", "Finish", "Done"], await heard.Soon());
    }

    [Fact]
    public async Task StreamAsync_FirstFailsBesideTheSecond_SecondGoesOn()
    {
        var (fail, answer) = (Script.New(), Script.New());
        var slow = new Script().Role().Wait(fail.Task).Fail(new ChatProviderException(ChatErrorKind.Upstream, "x"));
        var second = new Script().Role().Wait(answer.Task).Text("b").Finish().Done();
        var bench = new FailoverBench(new FakeTarget(slow), new FakeTarget(second)) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay);
        await second.Asked.Soon();
        fail.SetResult();
        await FailedAsync(bench, 0);
        answer.SetResult();
        Assert.Equal(["Attempt", "role", "b", "Finish", "Done"], await heard.Soon());
        Assert.Equal((0L, 1L, 0), Health(bench, 0));
        Assert.Equal((1L, 0L, 0), Health(bench, 1));
    }

    [Fact]
    public async Task StreamAsync_SecondFailsBesideTheFirst_FirstGoesOn()
    {
        var answer = Script.New();
        var second = FakeTarget.Failing();
        var bench = new FailoverBench(new FakeTarget(new Script().Role().Wait(answer.Task).Text("a").Finish().Done()), new FakeTarget(second)) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay);
        await FailedAsync(bench, 1);
        answer.SetResult();
        Assert.Equal(["Attempt", "role", "a", "Finish", "Done"], await heard.Soon());
        Assert.Equal((1L, 0L, 0), Health(bench, 0));
        Assert.Equal((0L, 1L, 0), Health(bench, 1));
    }

    [Fact]
    public async Task StreamAsync_BothFail_ThirdIsAsked()
    {
        var gate = Script.New();
        var slow = new Script().Role().Wait(gate.Task).Fail(new ChatProviderException(ChatErrorKind.FirstTokenTimeout, "x"));
        var second = FakeTarget.Failing(ChatErrorKind.FirstTokenTimeout);
        var bench = new FailoverBench(new FakeTarget(slow), new FakeTarget(second), new FakeTarget(FakeTarget.Whole("c"))) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay);
        await FailedAsync(bench, 1);
        gate.SetResult();
        Assert.Equal(["Attempt", "Attempt, FailingOver", "role", "c", "Finish", "Done"], await heard.Soon());
        Assert.Equal((0L, 1L, 0), Health(bench, 0));
        Assert.Equal((0L, 1L, 0), Health(bench, 1));
    }

    [Fact]
    public async Task StreamAsync_BothFailAndNobodyIsLeft_SaysWhoAndWhy()
    {
        var gate = Script.New();
        var slow = new Script().Wait(gate.Task).Fail(new ChatProviderException(ChatErrorKind.Unauthorized, "no key"));
        var second = FakeTarget.Failing(ChatErrorKind.FirstTokenTimeout);
        var bench = new FailoverBench(new FakeTarget(slow), new FakeTarget(second)) { Hedge = s_always };
        var failed = bench.FailAsync();
        bench.Time.Advance(s_delay);
        await FailedAsync(bench, 1);
        gate.SetResult();
        Assert.Equal("None of 2 targets could answer. t2/x: failed with FirstTokenTimeout t1/x: no key", (await failed.Soon()).Message);
    }

    [Fact]
    public async Task StreamAsync_SecondIsTheLastToFail_ItIsTheOneThatIsAskedAgain()
    {
        var gate = Script.New();
        var slow = new Script().Wait(gate.Task).Fail(new ChatProviderException(ChatErrorKind.FirstTokenTimeout, "x"));
        var failing = Script.New();
        var second = new FakeTarget(new Script().Role().Wait(failing.Task).Fail(new ChatProviderException(ChatErrorKind.Upstream, "y")), FakeTarget.Whole("b"));
        var first = new FakeTarget(slow);
        var bench = new FailoverBench(first, second) { Hedge = s_always, Random = 0 };
        var heard = bench.AskAsync();
        bench.Time.Advance(s_delay);
        await Within.UntilAsync(() => second.Calls == 1);
        gate.SetResult();
        await FailedAsync(bench, 0);
        failing.SetResult();
        Assert.Equal(["Attempt", "Retrying", "Attempt", "role", "b", "Finish", "Done"], await heard.Soon());
        Assert.Equal((1, 2), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task StreamAsync_SecondRefusesTheRequest_FirstIsCalledOffAndTheRefusalIsTold()
    {
        var slow = new Script().Role().Hang();
        var bench = new FailoverBench(new FakeTarget(slow), new FakeTarget(FakeTarget.Failing(ChatErrorKind.InvalidRequest))) { Hedge = s_always };
        var failed = bench.FailAsync();
        bench.Time.Advance(s_delay);
        Assert.Equal("failed with InvalidRequest", (await failed.Soon()).Message);
        await slow.LetGo.Soon();
        Assert.Equal((0L, 0L, 0), Health(bench, 0));
    }

    [Fact]
    public async Task StreamAsync_ClientLeavesWhileBothAreAsked_BothAreEnded()
    {
        var (one, other) = (new Script().Role().Hang(), new Script().Role().Hang());
        var bench = new FailoverBench(new FakeTarget(one), new FakeTarget(other)) { Hedge = s_always };
        using var client = new CancellationTokenSource();
        var heard = bench.AskUntilAsync(null, [], client.Token);
        bench.Time.Advance(s_delay);
        await other.Asked.Soon();
        await client.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => heard.Soon());
        Assert.Equal((0, 0), (one.Open, other.Open));
        Assert.Equal((0L, 0L, 0), Health(bench, 0));
        Assert.Equal((0L, 0L, 0), Health(bench, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StreamAsync_ClientStopsAsking_NothingIsLeft(bool isSecondAsked)
    {
        var (one, other) = (new Script().Role().Hang(), new Script().Role().Hang());
        var bench = new FailoverBench(new FakeTarget(one), new FakeTarget(other)) { Hedge = s_always };
        using var client = new CancellationTokenSource();
        var chunks = bench.Provider.StreamAsync(Chunks.Streamed, client.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = chunks.MoveNextAsync().AsTask();
        if (isSecondAsked)
        {
            bench.Time.Advance(s_delay);
            Assert.True(await next.Soon());
            Assert.Equal(ChatChunkKind.Attempt, chunks.Current.Kind);
        }
        else
        {
            await client.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.Soon());
        }

        await chunks.DisposeAsync().Soon();
        Assert.Equal((0, 0), (one.Open, other.Open));
        Assert.Equal((0, 0), (Health(bench, 0).Active, Health(bench, 1).Active));
    }

    [Fact]
    public async Task StreamAsync_ThousandQuestionsToASlowTarget_NoMoreSecondCallsThanTheShare()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var slow = new Script().Do(cancellationToken => Task.Delay(2 * s_delay, time, cancellationToken)).Text("a").Finish().Done();
        var (first, second) = (new FakeTarget(slow), new FakeTarget(FakeTarget.Whole("b")));
        var bench = new FailoverBench([new("t1", first, "x") { Priority = 1 }, new("t2", second, "x") { Priority = 2 }], time) { Hedge = s_always with { MaxPercent = 7 } };
        for (var i = 0; i < 1000; i++)
        {
            var heard = bench.AskAsync();
            while (!heard.IsCompleted)
            {
                time.Advance(s_delay / 4);
                await Task.Yield();
            }

            Assert.Equal("Done", (await heard)[^1]);
            Assert.True(second.Calls <= (i + 1) * 7 / 100, $"{second.Calls} second calls for {i + 1} questions");
        }

        Assert.Equal(1000, first.Calls);
        Assert.InRange(second.Calls, 1, 70);
        Assert.Equal((0, 0), (first.Open, second.Open));
    }

    [Fact]
    public async Task StreamAsync_NotStreamed_IsNotHedged()
    {
        var gate = Script.New();
        var (first, second) = (new FakeTarget(new Script().Wait(gate.Task).Completion("{}").Done()), new FakeTarget(FakeTarget.Whole()));
        var bench = new FailoverBench(first, second) { Hedge = s_always };
        var heard = bench.AskAsync(Chunks.Whole);
        bench.Time.Advance(2 * s_delay);
        gate.SetResult();
        Assert.Equal(["Completion", "Done"], await heard.Soon());
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task StreamAsync_SecondIsTheLastResort_ItIsNotAsked()
    {
        var gate = Script.New();
        var (first, second) = (new FakeTarget(new Script().Wait(gate.Task).Text("a").Finish().Done()), new FakeTarget(FakeTarget.Whole()));
        var bench = new FailoverBench([new ChatTarget("t1", first, "x"), new ChatTarget("t2", second, "x") { IsLastResort = true }]) { Hedge = s_always };
        var heard = bench.AskAsync();
        bench.Time.Advance(2 * s_delay);
        gate.SetResult();
        Assert.Equal(["a", "Finish", "Done"], await heard.Soon());
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task StreamAsync_NoDelayIsSet_ItIsWhatTheTargetUsuallyTakesAtMost()
    {
        var (first, second) = (new FakeTarget(new Script().Role().Hang()), new FakeTarget(FakeTarget.Whole("b")));
        var bench = new FailoverBench(first, second) { Hedge = new HedgeOptions { MaxPercent = 100 } };
        for (var i = 1; i <= RecentTimes.Max; i++)
        {
            bench.Targets[0].Health.FirstToken(TimeSpan.FromMilliseconds(i));
        }

        var heard = bench.AskAsync();
        bench.Time.Advance(TimeSpan.FromMilliseconds(94));
        Assert.Equal(0, second.Calls);
        bench.Time.Advance(s_instant);
        Assert.Equal(["Attempt", "role", "b", "Finish", "Done"], await heard.Soon());
    }

    [Fact]
    public async Task StreamAsync_FirstLoses_IsRememberedAsSlow()
    {
        var bench = new FailoverBench(new FakeTarget(new Script().Hang()), new FakeTarget(FakeTarget.Whole("b"))) { Hedge = s_always };
        for (var i = 0; i < RecentTimes.Least; i++)
        {
            Assert.Null(bench.Targets[0].Health.SlowFirstToken);
            var heard = bench.AskAsync();
            bench.Time.Advance(s_delay);
            Assert.Equal(["Attempt", "role", "b", "Finish", "Done"], await heard.Soon());
        }

        Assert.Equal(s_delay, bench.Targets[0].Health.SlowFirstToken);
        Assert.Equal(TimeSpan.Zero, bench.Targets[1].Health.SlowFirstToken);
    }

    [Fact]
    public async Task StreamAsync_SecondWinsAndBreaksOff_FirstCarriesItsAnswerOn()
    {
        var first = new FakeTarget(new Script().Hang(), new Script().Role().Text("ab").Text("cd").Finish().Done());
        var second = new FakeTarget(new Script().Role().Text("ab").Fail(new ChatProviderException(ChatErrorKind.IdleTimeout, "x")));
        var bench = new FailoverBench(first, second) { Hedge = s_always };
        var heard = HeardAnswer.OfAsync(bench, Chunks.Streamed);
        bench.Time.Advance(s_delay);
        Assert.Equal("abcd", (await heard.Soon()).Text);
        Assert.Equal((2, 1, 0, 0), (first.Calls, second.Calls, first.Open, second.Open));
        Assert.Equal((0, 0), (Health(bench, 0).Active, Health(bench, 1).Active));
    }

    [Fact]
    public async Task StreamAsync_NothingIsKnownOfTheTarget_NobodyElseIsAsked()
    {
        var gate = Script.New();
        var (first, second) = (new FakeTarget(new Script().Wait(gate.Task).Text("a").Finish().Done()), new FakeTarget(FakeTarget.Whole()));
        var bench = new FailoverBench(first, second) { Hedge = new HedgeOptions { MaxPercent = 100 } };
        var heard = bench.AskAsync();
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        gate.SetResult();
        Assert.Equal(["a", "Finish", "Done"], await heard.Soon());
        Assert.Equal(0, second.Calls);
    }

    [Fact]
    public async Task StreamAsync_SecondWins_IsCounted()
    {
        var meters = TestMeters.Factory();
        using var begun = new MetricCollector<long>(meters, SluiceMetrics.MeterName, "sluice.upstream.hedges");
        using var won = new MetricCollector<long>(meters, SluiceMetrics.MeterName, "sluice.upstream.won_hedges");
        var bench = new FailoverBench(new FakeTarget(new Script().Hang()), new FakeTarget(FakeTarget.Whole("b"))) { Hedge = s_always };
        await using var chunks = new FailoverProvider(bench.Services with { Metrics = new SluiceMetrics(meters) }).StreamAsync(Chunks.Streamed, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        var next = chunks.MoveNextAsync().AsTask();
        bench.Time.Advance(s_delay);
        Assert.True(await next.Soon());
        Assert.Equal((1, 0), (begun.GetMeasurementSnapshot().Count, won.GetMeasurementSnapshot().Count));
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("m", Assert.Single(won.GetMeasurementSnapshot()).Tags["gen_ai.request.model"]);
    }

    // Told by the race itself: that a call has been let go of comes before the race knows how it ended.
    private static Task FailedAsync(FailoverBench bench, int target) => Within.UntilAsync(() => Health(bench, target).Failed == 1).Soon();

    [Fact]
    public async Task StreamAsync_FirstIsAProbe_NobodyIsAskedBesideIt()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var health = HalfOpenTarget.Health(time);
        var gate = Script.New();
        var cold = new Script().Role().Wait(gate.Task).Text("a").Finish().Done();
        var second = new FakeTarget(FakeTarget.Whole("b"));
        var bench = new FailoverBench([new ChatTarget("t1", new FakeTarget(cold), "x") { Priority = 1, Health = health }, new ChatTarget("t2", second, "x") { Priority = 2 }], time) { Hedge = s_always };
        var heard = bench.AskAsync();
        await cold.Asked.Soon();
        time.Advance(s_delay * 2);
        gate.SetResult();
        Assert.Equal(["role", "a", "Finish", "Done"], await heard.Soon());
        Assert.Equal((0, "closed"), (second.Calls, health.Describe("m", "t1", "x").Circuit));
    }

    private static (long Succeeded, long Failed, int Active) Health(FailoverBench bench, int target)
    {
        var status = bench.Targets[target].Health.Describe("m", "", null);
        return (status.Succeeded, status.Failed, status.Active);
    }
}
