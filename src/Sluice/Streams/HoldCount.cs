namespace Sluice.Streams;

/// <summary>Counts who holds something. The last to let go ends it; after that nobody can take hold again.</summary>
/// <param name="onLast">Called once, by the last to let go.</param>
internal sealed class HoldCount(Action onLast)
{
    private int _holders = 1;

    /// <summary>Takes hold, unless everyone has let go.</summary>
    public bool TryHold() => TryHold(ref _holders);

    /// <summary>Counts one holder more, unless there is none.</summary>
    /// <param name="count">How many there are.</param>
    public static bool TryHold(ref int count)
    {
        var holders = Volatile.Read(ref count);
        while (holders > 0)
        {
            var seen = Interlocked.CompareExchange(ref count, holders + 1, holders);
            if (seen == holders)
            {
                return true;
            }

            holders = seen;
        }

        return false;
    }

    /// <summary>Lets go.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            onLast();
        }
    }
}
