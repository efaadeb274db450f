using System.Numerics;

namespace Sluice.Server.Load;

/// <summary>Counts durations in buckets whose width grows with the value: any percentile within 0.8 % of the truth, in fixed memory. Safe for any thread.</summary>
internal sealed class LatencyHistogram
{
    // 2^7 buckets for every doubling: the width of a bucket is at most 1/128 of its value.
    private const int SubBits = 7;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits) * SubBuckets];
    private long _count;
    private long _max;

    /// <summary>How many values were recorded.</summary>
    public long Count => Volatile.Read(ref _count);

    /// <summary>The largest value, exactly.</summary>
    public long Max => Volatile.Read(ref _max);

    /// <summary>Records a value in nanoseconds; a negative one counts as 0.</summary>
    public void Record(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        Interlocked.Increment(ref _counts[Bucket(value)]);
        Interlocked.Increment(ref _count);
        var max = Volatile.Read(ref _max);
        while (value > max)
        {
            var seen = Interlocked.CompareExchange(ref _max, value, max);
            if (seen == max) return;
            max = seen;
        }
    }

    /// <summary>The value below or at which <paramref name="percent"/> of all values lie (nearest rank), 0 if there are none.</summary>
    /// <param name="percent">0 to 100.</param>
    /// <returns>Nanoseconds; the upper end of the bucket, never more than <see cref="Max"/>.</returns>
    public long Percentile(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += Volatile.Read(ref _counts[i]);
            if (seen >= rank) return Math.Min(UpperEnd(i), Max);
        }

        return Max;
    }

    private static int Bucket(long value)
    {
        if (value < SubBuckets) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - SubBits;
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long UpperEnd(int bucket)
    {
        if (bucket < SubBuckets) return bucket;
        var shift = (bucket >> SubBits) - 1;
        long mantissa = bucket - (shift << SubBits);
        return ((mantissa + 1) << shift) - 1;
    }
}
