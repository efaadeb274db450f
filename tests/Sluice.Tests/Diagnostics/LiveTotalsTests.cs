using Sluice.Diagnostics;

namespace Sluice.Tests.Diagnostics;

public sealed class LiveTotalsTests
{
    private readonly LiveTotals _totals = new();

    [Fact]
    public void Read_WhileOneLives_MovesWithIt()
    {
        var one = new Counted { Events = 1, Bytes = 10 };
        _totals.Add(one);
        Assert.Equal((1, 10), _totals.Read());
        (one.Events, one.Bytes) = (3, 30);
        Assert.Equal((3, 30), _totals.Read());
        Assert.Equal(1, _totals.Active);
    }

    [Fact]
    public void Remove_TwiceAndLate_CountsOnce()
    {
        var one = new Counted { Events = 2, Bytes = 20 };
        _totals.Add(one);
        _totals.Remove(one);
        _totals.Remove(one);
        (one.Events, one.Bytes) = (100, 100);
        Assert.Equal((2, 20), _totals.Read());
        Assert.Equal(0, _totals.Active);
    }

    private sealed class Counted : ILiveCount
    {
        public long Events { get; set; }

        public long Bytes { get; set; }
    }
}
