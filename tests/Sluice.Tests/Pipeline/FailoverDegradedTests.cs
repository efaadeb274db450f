using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>What is said when nobody can answer.</summary>
public sealed class FailoverDegradedTests
{
    [Fact]
    public async Task StreamAsync_AllFail_SaysWhoWhyAndWhenToComeBack()
    {
        var bench = new FailoverBench(new FakeTarget(FakeTarget.Failing()), new FakeTarget(FakeTarget.Failing(ChatErrorKind.RateLimited, 40)), new FakeTarget(FakeTarget.Failing(ChatErrorKind.RateLimited, 90))) { Random = 0 };
        var e = await bench.FailAsync();
        Assert.Equal("None of 3 targets could answer. t1/x (3 calls): failed with Upstream t2/x: failed with RateLimited t3/x: failed with RateLimited Come back in 40 s.", e.Message);
        Assert.Equal((ChatErrorKind.Unavailable, 503, true, TimeSpan.FromSeconds(40)), (e.Kind, e.Status, e.IsRetryable, e.RetryAfter));
        Assert.Equal("failed with RateLimited", e.InnerException!.Message);
    }

    [Theory]
    [InlineData(ChatErrorKind.RateLimited, 429)]
    [InlineData(ChatErrorKind.FirstTokenTimeout, 504)]
    [InlineData(ChatErrorKind.Unauthorized, 502)]
    public async Task StreamAsync_AllFailInOneWay_IsThatWay(ChatErrorKind kind, int status)
    {
        var bench = new FailoverBench(new FakeTarget(FakeTarget.Failing(kind, 30)), new FakeTarget(FakeTarget.Failing(kind, 30)));
        var e = await bench.FailAsync();
        Assert.Equal((kind, status, kind != ChatErrorKind.Unauthorized), (e.Kind, e.Status, e.IsRetryable));
    }

    [Fact]
    public async Task StreamAsync_OneTargetFails_IsItsOwnError()
    {
        var bench = new FailoverBench(new FakeTarget(FakeTarget.Failing(ChatErrorKind.RateLimited, 40)));
        var e = await bench.FailAsync();
        Assert.Equal(("failed with RateLimited", ChatErrorKind.RateLimited, TimeSpan.FromSeconds(40)), (e.Message, e.Kind, e.RetryAfter));
    }

    [Fact]
    public async Task StreamAsync_AllAreLeftAlone_AnswersAtOnceWithoutACall()
    {
        var (bench, target) = LeftAlone();
        var calls = target.Calls;
        bench.Time.Advance(TimeSpan.FromSeconds(3));
        var e = await bench.FailAsync();
        Assert.Equal("t1/x cannot be asked: It has failed too often lately and is left alone for a while. Come back in 7 s.", e.Message);
        Assert.Equal((ChatErrorKind.Unavailable, TimeSpan.FromSeconds(7)), (e.Kind, e.RetryAfter));
        Assert.Equal(calls, target.Calls);
    }

    [Fact]
    public async Task StreamAsync_FlappingTarget_IsNoLongerAskedAndThenAgain()
    {
        var (bench, target) = LeftAlone(new FakeTarget(FakeTarget.Whole("b")));
        var calls = target.Calls;
        Assert.Equal(["role", "b", "Finish", "Done"], await bench.AskAsync());
        Assert.Equal(calls, target.Calls);
        bench.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(["Attempt, FailingOver", "role", "b", "Finish", "Done"], await bench.AskAsync());
        Assert.Equal(calls + 1, target.Calls);
    }

    [Fact]
    public async Task StreamAsync_NoPlaceIsFree_TheNextIsAskedAndThenNobody()
    {
        var hanging = new FakeTarget(new Script().Text("a").Hang());
        var limited = new ChatTarget("t1", hanging, "x") { Health = new TargetHealth(TimeProvider.System, maxConcurrency: 1) };
        var bench = new FailoverBench([limited, new ChatTarget("t2", new FakeTarget(FakeTarget.Whole("b")), "x") { Priority = 2, Health = new TargetHealth(TimeProvider.System, maxConcurrency: 1) }]);
        using var caller = new CancellationTokenSource();
        var first = bench.AskUntilAsync(null, [], caller.Token);
        Assert.Equal(["role", "b", "Finish", "Done"], await bench.AskAsync());
        Assert.True(bench.Targets[1].Health.TryEnter(out var taken, out _));
        var e = await bench.FailAsync();
        Assert.Equal((ChatErrorKind.Overloaded, 503), (e.Kind, e.Status));
        taken.Dispose();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon());
        Assert.Equal((0, 0), (bench.Targets[0].Health.Describe("m", "t1", null).Active, bench.Targets[1].Health.Describe("m", "t2", null).Active));
    }

    [Fact]
    public async Task StreamAsync_LastResort_AnswersWhenNobodyElseCanAndSaysSo()
    {
        var first = new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout), FakeTarget.Whole());
        var bench = new FailoverBench([new ChatTarget("last", new FakeTarget(FakeTarget.Whole("sorry")), "x") { IsLastResort = true }, new ChatTarget("t1", first, "x")]);
        Assert.Equal(["Attempt, FailingOver, Degraded", "role", "sorry", "Finish", "Done"], await bench.AskAsync());
        Assert.Equal(["role", "a", "Finish", "Done"], await bench.AskAsync());
    }

    [Fact]
    public async Task StreamAsync_RequestIsRefused_TheLastResortIsNotAsked()
    {
        var last = new FakeTarget(FakeTarget.Whole());
        var bench = new FailoverBench([new ChatTarget("t1", new FakeTarget(FakeTarget.Failing(ChatErrorKind.InvalidRequest)), "x"), new ChatTarget("last", last, "x") { IsLastResort = true }]);
        Assert.Equal(ChatErrorKind.InvalidRequest, (await bench.FailAsync()).Kind);
        Assert.Equal(0, last.Calls);
    }

    // The first target's circuit is open: it failed as often as that takes.
    private static (FailoverBench Bench, FakeTarget Target) LeftAlone(params FakeTarget[] others)
    {
        var target = new FakeTarget(FakeTarget.Failing());
        var bench = new FailoverBench([new ChatTarget("t1", target, "x"), .. others.Select((other, i) => new ChatTarget($"t{i + 2}", other, "x") { Priority = i + 2 })]);
        var health = new TargetHealth(bench.Time, new BreakerOptions());
        while (health.TryEnter(out var permit, out _))
        {
            permit.Failed(new ChatProviderException(ChatErrorKind.Upstream, "x"));
            permit.Dispose();
        }

        return (bench.With(health), target);
    }
}
