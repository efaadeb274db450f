namespace Sluice.Pipeline;

/// <summary>Bounds the retries of the whole process to a share of its questions, so that an outage upstream is not answered with a multiple of the load.</summary>
/// <remarks>A purse in thousandths of a retry: each question puts a share in, each retry takes a whole one out, and time puts in a little, so that a server
/// with one question a minute may retry it. Going on to another target takes nothing out: that is no more load for anyone but the target that is to carry it.
/// Safe for many threads.</remarks>
internal sealed class RetryBudget
{
    private const long Retry = 1000;
    private const long PerSecond = Retry;
    private const long Capacity = 20 * Retry;

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private long _purse = Capacity;
    private long _filledAt;

    public RetryBudget(TimeProvider time)
    {
        _time = time;
        _filledAt = time.GetTimestamp();
    }

    /// <summary>How many retries are left.</summary>
    public double Left
    {
        get
        {
            lock (_lock)
            {
                Fill();
                return (double)_purse / Retry;
            }
        }
    }

    /// <summary>A question has come.</summary>
    /// <param name="percent">How much of a retry it is worth, in hundredths.</param>
    public void Asked(int percent)
    {
        lock (_lock)
        {
            _purse = Math.Min(Capacity, _purse + (percent * Retry / 100));
        }
    }

    /// <summary>Takes a retry out, if there is one.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            Fill();
            var isThere = _purse >= Retry;
            _purse -= isThere ? Retry : 0;
            return isThere;
        }
    }

    private void Fill()
    {
        var earned = (long)(_time.GetElapsedTime(_filledAt).TotalSeconds * PerSecond);
        if (earned > 0)
        {
            _filledAt = _time.GetTimestamp();
            _purse = Math.Min(Capacity, _purse + earned);
        }
    }
}
