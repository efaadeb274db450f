namespace Sluice.Pipeline;

/// <summary>How many calls may run at once. Whoever has taken a place gives it back, on every path.</summary>
/// <param name="max">At least 1.</param>
internal sealed class ConcurrencyLimit(int max)
{
    private int _active;

    /// <summary>How many run.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>How many may; null for any number.</summary>
    public int? Max => max == int.MaxValue ? null : max;

    /// <summary>Takes a place, if one is free.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _active) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref _active);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release() => Interlocked.Decrement(ref _active);
}
