using Microsoft.Extensions.Time.Testing;
using Sluice.Server.FaultSuite;

namespace Sluice.Tests.Server.FaultSuite;

public sealed class FastClockTests
{
    private readonly FakeTimeProvider _slow = new();

    [Fact]
    public void Elapsed_IsTheFactorMore()
    {
        var clock = new FastClock(_slow, 10);
        var (started, began) = (clock.GetTimestamp(), clock.GetUtcNow());
        _slow.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(20), clock.GetElapsedTime(started));
        Assert.Equal(TimeSpan.FromSeconds(20), clock.GetUtcNow() - began);
    }

    [Fact]
    public void Timers_RingTheFactorSooner()
    {
        var rung = 0;
        using var timer = new FastClock(_slow, 10).CreateTimer(_ => rung++, null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(20));
        _slow.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, rung);
        _slow.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, rung);
    }

    [Fact]
    public void Timers_ThatAreOff_StayOff()
    {
        var rung = 0;
        using var timer = new FastClock(_slow, 10).CreateTimer(_ => rung++, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _slow.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, rung);
        timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        Assert.Equal(1, rung);
    }
}
