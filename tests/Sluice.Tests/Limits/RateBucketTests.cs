using CsCheck;
using Sluice.Limits;

namespace Sluice.Tests.Limits;

public sealed class RateBucketTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    private static readonly Gen<(int PerMinute, (long Elapsed, long Amount)[] Asks)> Schedules = Gen.Select(
        Gen.Int[1, 1_000_000],
        Gen.Select(Gen.Long[0, 90 * Second], Gen.Long[1, 2_000_000]).Array[1, 60]);

    [Fact]
    public void Full_LetsInWhatHasLeaked()
    {
        var bucket = default(RateBucket);
        bucket.Leak(60, 0);
        bucket.Add(60);
        Assert.Equal(0, bucket.Room(60));
        Assert.Equal(Second, bucket.Wait(1, 60));
        bucket.Leak(60, Second);
        Assert.Equal((0, 1), (bucket.Wait(1, 60), bucket.Room(60)));
        bucket.Leak(60, 60 * Second);
        Assert.True(bucket.IsEmpty);
    }

    [Fact]
    public void FilledBeyond_LetsNothingInUntilThatHasLeaked()
    {
        var bucket = default(RateBucket);
        bucket.Add(150);
        Assert.Equal(-90, bucket.Room(60));
        Assert.Equal(91 * Second, bucket.Wait(1, 60));
    }

    [Fact]
    public void OtherLimit_WhatIsInItStays()
    {
        var bucket = default(RateBucket);
        bucket.Add(60);
        bucket.Leak(120, 0);
        Assert.Equal(60, bucket.Room(120));
        bucket.Leak(perMinute: null, 1);
        Assert.True(bucket.IsEmpty);
    }

    [Fact]
    public void VeryMuch_DoesNotOverflow()
    {
        var bucket = default(RateBucket);
        for (var i = 0; i < 100; i++)
        {
            bucket.Add(2_000_000_000_000);
        }

        bucket.Leak(1, long.MaxValue / 2);
        Assert.True(bucket.Room(1) < 0);
        Assert.Equal(long.MaxValue, bucket.Wait(1, 1));
    }

    // The promise: in any time from one question to a later one no more than the limit and what leaks in that time. The oracle adds up, and knows no bucket.
    [Fact]
    public void AnySchedule_NeverMoreThanTheLimitAndWhatHasLeaked() => Schedules.Sample(
        schedule =>
        {
            var bucket = default(RateBucket);
            var taken = new List<(long At, long Amount)>();
            long now = 0;
            foreach (var (elapsed, wanted) in schedule.Asks)
            {
                now += elapsed;
                var amount = Math.Min(wanted, schedule.PerMinute);
                bucket.Leak(schedule.PerMinute, now);
                var wait = bucket.Wait(amount, schedule.PerMinute);
                if (wait == 0)
                {
                    bucket.Add(amount);
                    taken.Add((now, amount));
                }
                else
                {
                    // What it says is exact: then it fits, and not a tick before.
                    Assert.False(Fits(bucket, now + wait - 1, amount, schedule.PerMinute));
                    Assert.True(Fits(bucket, now + wait, amount, schedule.PerMinute));
                }
            }

            for (var from = 0; from < taken.Count; from++)
            {
                Int128 sum = 0;
                foreach (var (at, amount) in taken.Skip(from))
                {
                    sum += amount;
                    Assert.True(sum * TimeSpan.TicksPerMinute <= (Int128)schedule.PerMinute * (TimeSpan.TicksPerMinute + at - taken[from].At));
                }
            }
        },
        iter: 1000, threads: 1);

    private static bool Fits(RateBucket bucket, long at, long amount, int perMinute)
    {
        bucket.Leak(perMinute, at);
        return bucket.Wait(amount, perMinute) == 0;
    }
}
