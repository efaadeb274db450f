using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class TargetHealthTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void TryEnter_AsManyAsMayRun_TheNextIsRefusedUntilOneIsOver()
    {
        var health = new TargetHealth(_time, maxConcurrency: 2);
        Assert.True(health.TryEnter(out var first, out _));
        Assert.True(health.TryEnter(out _, out _));
        Assert.False(health.TryEnter(out _, out var refusal));
        Assert.Equal((ChatErrorKind.Overloaded, TimeSpan.FromSeconds(1)), (refusal.Kind, refusal.RetryAfter));
        first.Dispose();
        first.Dispose();
        Assert.True(health.TryEnter(out _, out _));
        Assert.False(health.TryEnter(out _, out _));
        Assert.Equal(2, health.Describe("m", "p", null).Active);
    }

    [Fact]
    public void TryEnter_SharedLimit_CountsAllTargetsOfTheProvider()
    {
        var shared = new ConcurrencyLimit(1);
        var (one, other) = (new TargetHealth(_time, shared: shared), new TargetHealth(_time, shared: shared));
        Assert.True(one.TryEnter(out var permit, out _));
        Assert.False(other.TryEnter(out _, out _));
        Assert.Equal(0, other.Describe("m", "p", null).Active);
        permit.Dispose();
        Assert.True(other.TryEnter(out _, out _));
    }

    [Fact]
    public async Task TryEnter_FromManyThreads_NeverMoreThanMayRun()
    {
        var health = new TargetHealth(_time, maxConcurrency: 3);
        var running = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                if (health.TryEnter(out var permit, out var _))
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref running));
                    Interlocked.Decrement(ref running);
                    permit.Dispose();
                }
            }
        }, TestContext.Current.CancellationToken)));
        Assert.InRange(most, 1, 3);
        Assert.Equal(0, health.Describe("m", "p", null).Active);
    }

    [Theory]
    [InlineData(ChatErrorKind.RateLimited, true)]
    [InlineData(ChatErrorKind.Upstream, true)]
    [InlineData(ChatErrorKind.Connect, true)]
    [InlineData(ChatErrorKind.IdleTimeout, true)]
    [InlineData(ChatErrorKind.Truncated, true)]
    [InlineData(ChatErrorKind.Malformed, true)]
    [InlineData(ChatErrorKind.Unauthorized, true)]
    [InlineData(ChatErrorKind.InvalidRequest, false)]
    [InlineData(ChatErrorKind.ModelNotFound, false)]
    [InlineData(ChatErrorKind.Overloaded, false)]
    public void Failed_ManyTimes_OpensTheCircuitIfItIsTheTargetsFault(ChatErrorKind kind, bool opens)
    {
        var health = Health();
        var changes = Enumerable.Range(0, 6).Count(_ => Fail(health, kind));
        Assert.Equal(opens ? 1 : 0, changes);
        Assert.Equal(opens ? "open" : "closed", health.Describe("m", "p", null).Circuit);
        Assert.Equal(!opens, health.TryEnter(out _, out var refusal));
        if (opens)
        {
            Assert.Equal((ChatErrorKind.Unavailable, TimeSpan.FromSeconds(10)), (refusal.Kind, refusal.RetryAfter));
            Assert.Equal(0, health.Describe("m", "p", null).Active);
        }
    }

    [Fact]
    public void Failed_HalfOfManyCalls_OpensTheCircuitAndLessDoesNot()
    {
        var health = Health();
        for (var i = 0; i < 20; i++)
        {
            Succeed(health);
            Succeed(health);
            Assert.False(Fail(health));
        }

        Assert.Equal("closed", health.Describe("m", "p", null).Circuit);
        Assert.Contains(true, Enumerable.Range(0, 30).Select(_ => Fail(health)));
    }

    [Fact]
    public void TryEnter_AfterTheBreak_OneTriesAndTheOthersStayAway()
    {
        var health = Opened();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.TryEnter(out var probe, out _));
        Assert.Equal("half_open", health.Describe("m", "p", null).Circuit);
        Assert.False(health.TryEnter(out _, out _));
        Assert.True(probe.Committed(TimeSpan.FromSeconds(1)));
        Assert.Equal("closed", health.Describe("m", "p", null).Circuit);
        Assert.True(health.TryEnter(out _, out _));
        Assert.False(probe.Succeeded());
    }

    [Fact]
    public void Probe_Fails_TheTargetIsLeftAloneForAnotherBreak()
    {
        var health = Opened();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.TryEnter(out var probe, out _));
        Assert.True(probe.Failed(new ChatProviderException(ChatErrorKind.Upstream, "x")));
        probe.Dispose();
        Assert.False(health.TryEnter(out _, out var refusal));
        Assert.Equal(TimeSpan.FromSeconds(10), refusal.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.TryEnter(out _, out _));
    }

    [Fact]
    public void Probe_IsCancelled_HasShownNothingAndHoldsNothing()
    {
        var health = Opened();
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.TryEnter(out var probe, out _));
        probe.Dispose();
        Assert.Equal("open", health.Describe("m", "p", null).Circuit);
        Assert.Equal(0, health.Describe("m", "p", null).Active);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.True(health.TryEnter(out _, out _));
    }

    [Fact]
    public void Failed_WithoutABreaker_IsNeverLeftAlone()
    {
        var health = new TargetHealth(_time, new BreakerOptions { Enabled = false });
        for (var i = 0; i < 100; i++)
        {
            Assert.False(Fail(health));
        }

        Assert.Equal("off", health.Describe("m", "p", null).Circuit);
        Assert.True(health.TryEnter(out _, out _));
    }

    [Fact]
    public void Load_GrowsWithTimeToFirstTokenAndActiveCallsAndFadesWithTime()
    {
        var (fast, slow) = (Health(), Health());
        Answer(fast, 0.1);
        Answer(slow, 1);
        Assert.True(fast.Load < slow.Load);
        _time.Advance(TimeSpan.FromSeconds(120));
        Answer(fast, 0.1);
        Assert.True(slow.Load < fast.Load);
        var before = slow.Load;
        Assert.True(slow.TryEnter(out _, out _));
        Assert.Equal(before * 2, slow.Load, 3);
    }

    [Fact]
    public void Load_OfWhoFailsFast_IsHigh()
    {
        var (failing, slow) = (Health(), Health());
        Fail(failing);
        Answer(slow, 2);
        Assert.True(slow.Load < failing.Load);
    }

    private static void InterlockedMax(ref int most, int value)
    {
        for (var seen = Volatile.Read(ref most); seen < value && Interlocked.CompareExchange(ref most, value, seen) != seen; seen = Volatile.Read(ref most))
        {
        }
    }

    private static bool Fail(TargetHealth health, ChatErrorKind kind = ChatErrorKind.Upstream)
    {
        if (!health.TryEnter(out var permit, out _))
        {
            return false;
        }

        using (permit)
        {
            return permit.Failed(new ChatProviderException(kind, "x"));
        }
    }

    private static void Succeed(TargetHealth health)
    {
        Assert.True(health.TryEnter(out var permit, out _));
        using (permit)
        {
            permit.Succeeded();
        }
    }

    private static void Answer(TargetHealth health, double seconds)
    {
        Assert.True(health.TryEnter(out var permit, out _));
        using (permit)
        {
            permit.Committed(TimeSpan.FromSeconds(seconds));
        }
    }

    private TargetHealth Health() => new(_time, new BreakerOptions());

    private TargetHealth Opened()
    {
        var health = Health();
        while (!Fail(health))
        {
        }

        return health;
    }
}
