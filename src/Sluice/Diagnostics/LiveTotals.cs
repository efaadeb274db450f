namespace Sluice.Diagnostics;

/// <summary>What all of a kind have counted since the start: those that live, read whenever somebody looks, and those that have gone.</summary>
/// <remarks>So the total moves while a stream runs, and a token costs nothing: coming and going takes a lock, counting none. Safe for many threads.</remarks>
internal sealed class LiveTotals
{
    private readonly Lock _lock = new();
    private readonly HashSet<ILiveCount> _live = [];
    private long _events;
    private long _bytes;

    /// <summary>How many live.</summary>
    public int Active
    {
        get
        {
            lock (_lock)
            {
                return _live.Count;
            }
        }
    }

    /// <summary>Events and bytes of all that ever lived. Never less than before.</summary>
    public (long Events, long Bytes) Read()
    {
        lock (_lock)
        {
            var (events, bytes) = (_events, _bytes);
            foreach (var one in _live)
            {
                events += one.Events;
                bytes += one.Bytes;
            }

            return (events, bytes);
        }
    }

    /// <summary>One more lives.</summary>
    public void Add(ILiveCount one)
    {
        lock (_lock)
        {
            _live.Add(one);
        }
    }

    /// <summary>One has gone; what it counted stays. Once more does nothing.</summary>
    public void Remove(ILiveCount one)
    {
        lock (_lock)
        {
            if (_live.Remove(one))
            {
                _events += one.Events;
                _bytes += one.Bytes;
            }
        }
    }
}
