using Sluice.Pipeline;

namespace Sluice.Tests.Pipeline;

public sealed class RecentTimesTests
{
    private readonly RecentTimes _times = new();

    [Fact]
    public void P95_TooFew_IsUnknown()
    {
        Add(1, RecentTimes.Least - 1);
        Assert.Null(_times.P95);
        Add(1, 1);
        Assert.Equal(TimeSpan.FromSeconds(1), _times.P95);
    }

    [Fact]
    public void P95_Hundred_IsTheNinetyFifth()
    {
        for (var i = RecentTimes.Max; i > 0; i--)
        {
            Add(i, 1);
        }

        Assert.Equal(TimeSpan.FromSeconds(95), _times.P95);
    }

    [Fact]
    public void P95_OldOnesAreForgotten()
    {
        Add(100, RecentTimes.Max);
        Add(1, RecentTimes.Max);
        Assert.Equal(TimeSpan.FromSeconds(1), _times.P95);
    }

    private void Add(int seconds, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _times.Add(TimeSpan.FromSeconds(seconds));
        }
    }
}
