namespace Sluice.Streams;

/// <summary>Who watches a stream, and the clock that runs while nobody does.</summary>
/// <remarks>Coming and going copies the list, under a lock; waking and looking at it, once per batch of events, takes none.</remarks>
/// <param name="time">The clock.</param>
/// <param name="onUnwatched">Called when nobody has watched for too long.</param>
internal sealed class StreamViewers(TimeProvider time, Action onUnwatched)
{
    private readonly Lock _lock = new();
    private StreamViewer[] _viewers = [];
    private ITimer? _unwatched;
    private bool _isClosed;
    private bool _isAbandoned;

    /// <summary>Whether the last viewer has left for good while the stream ran: it is stopped, and who joins now is not waited for.</summary>
    public bool IsAbandoned => Volatile.Read(ref _isAbandoned);

    /// <summary>A viewer comes.</summary>
    public void Add(StreamViewer viewer)
    {
        lock (_lock)
        {
            _viewers = [.. _viewers, viewer];
            StopClock();
        }

        // Pairs with the fence in Wake: either the producer sees this viewer, or the viewer sees what was published.
        Interlocked.MemoryBarrier();
    }

    /// <summary>A viewer goes.</summary>
    /// <param name="viewer">The viewer.</param>
    /// <param name="maxUnwatched">How long nobody may watch from now on, if it was the last; null where the stream stops with the last one.</param>
    /// <returns>False where it had gone before.</returns>
    public bool Remove(StreamViewer viewer, TimeSpan? maxUnwatched)
    {
        lock (_lock)
        {
            if (!_viewers.Contains(viewer))
            {
                return false;
            }

            _viewers = [.. _viewers.Where(other => other != viewer)];
            _isAbandoned |= _viewers.Length == 0 && !_isClosed && maxUnwatched is null;
            if (_viewers.Length == 0 && !_isClosed && maxUnwatched is { } limit)
            {
                _unwatched = time.CreateTimer(static viewers => ((StreamViewers)viewers!).OnClock(), this, limit, Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    /// <summary>The stream has ended: no clock runs any more.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            StopClock();
        }
    }

    /// <summary>Rings every viewer's bell.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier();
        foreach (var viewer in Volatile.Read(ref _viewers))
        {
            viewer.Wake();
        }
    }

    /// <summary>The number of the last event that the fastest viewer has taken.</summary>
    /// <param name="otherwise">What counts where nobody watches.</param>
    public long Fastest(long otherwise)
    {
        var viewers = Volatile.Read(ref _viewers);
        var fastest = viewers.Length == 0 ? otherwise : 0;
        foreach (var viewer in viewers)
        {
            fastest = Math.Max(fastest, viewer.Flushed);
        }

        return fastest;
    }

    /// <summary>Lets those go that lag too far behind.</summary>
    /// <param name="log">The log.</param>
    /// <param name="options">How far that is. Who is within the producer's lead is where the producer waits for it, however many bytes that are.</param>
    public void LetGoOfLaggards(StreamLog log, StreamOptions options)
    {
        foreach (var viewer in Volatile.Read(ref _viewers))
        {
            var lag = log.Published - viewer.Flushed;
            if (lag > options.MaxLagEvents || (lag > options.MaxLead && log.PublishedBytes - viewer.FlushedBytes > options.MaxLagBytes))
            {
                viewer.LetGo();
            }
        }
    }

    private void OnClock()
    {
        lock (_lock)
        {
            if (_viewers.Length > 0 || _isClosed)
            {
                return;
            }

            _isAbandoned = true;
        }

        onUnwatched();
    }

    private void StopClock()
    {
        _unwatched?.Dispose();
        _unwatched = null;
    }
}
