namespace Sluice.Pipeline;

/// <summary>How long the last hundred answers took to begin: what tells a slow one from a usual one.</summary>
/// <remarks>Added to once per answer, read once per question that may be asked twice. Safe for many threads.</remarks>
internal sealed class RecentTimes
{
    /// <summary>How many are kept.</summary>
    public const int Max = 100;

    /// <summary>How many there have to be to say anything.</summary>
    public const int Least = 20;

    private const double Slow = 0.95;

    private readonly Lock _lock = new();
    private TimeSpan[]? _times;
    private long _count;

    /// <summary>What 95 of a hundred took at most; null while there are too few.</summary>
    public TimeSpan? P95
    {
        get
        {
            Span<TimeSpan> sorted = stackalloc TimeSpan[Max];
            lock (_lock)
            {
                sorted = sorted[..(int)Math.Min(_count, Max)];
                _times.AsSpan(0, sorted.Length).CopyTo(sorted);
            }

            if (sorted.Length < Least)
            {
                return null;
            }

            sorted.Sort();
            return sorted[(int)Math.Ceiling(sorted.Length * Slow) - 1];
        }
    }

    /// <summary>An answer has begun, or was waited for that long in vain.</summary>
    public void Add(TimeSpan time)
    {
        lock (_lock)
        {
            (_times ??= new TimeSpan[Max])[_count++ % Max] = time;
        }
    }
}
