using CsCheck;
using Sluice.Server.Load;

namespace Sluice.Tests.Server.Load;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_Empty_IsZero() => Assert.Equal(0, new LatencyHistogram().Percentile(50));

    [Fact]
    public void Percentile_SmallValues_AreExact()
    {
        var histogram = Of(Enumerable.Range(1, 100).Select(i => (long)i));
        Assert.Equal((50, 90, 99, 100, 100), (histogram.Percentile(50), histogram.Percentile(90), histogram.Percentile(99), histogram.Percentile(99.9), histogram.Percentile(100)));
    }

    [Fact]
    public void Percentile_OneValue_IsThatValue() => Assert.Equal(1_234_567_891, Of([1_234_567_891]).Percentile(50));

    [Fact]
    public void Record_Negative_CountsAsZero() => Assert.Equal(0, Of([-5]).Max);

    [Fact]
    public void Record_Largest_FitsIn() => Assert.Equal(long.MaxValue, Of([long.MaxValue]).Percentile(100));

    [Fact]
    public void Percentile_AnyValues_IsWithinABucketOfTheNearestRank() =>
        Gen.Select(Gen.Long[0, 100_000_000_000].Array[1, 200], Gen.Double[0, 100]).Sample((values, percent) =>
        {
            Array.Sort(values);
            var exact = values[Math.Max(1, (int)Math.Ceiling(values.Length * percent / 100)) - 1];
            var found = Of(values).Percentile(percent);
            return found >= exact && found <= exact + exact / 128 + 1;
        });

    private static LatencyHistogram Of(IEnumerable<long> values)
    {
        var histogram = new LatencyHistogram();
        foreach (var value in values) histogram.Record(value);
        return histogram;
    }
}
