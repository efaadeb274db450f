using System.Collections.Concurrent;

namespace Sluice.Streams;

/// <summary>All streams that can be read: those that run, and those that ended not long ago. Ended ones expire, the oldest first.</summary>
/// <remarks>All live equally long from their end, so the queue of ended streams is in the order in which they expire, and one timer looks at its head.</remarks>
internal sealed class KeptStreams : IDisposable
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, StreamSession> _streams = new(StringComparer.Ordinal);
    private readonly Queue<(Action Forget, long EndedAt, long Bytes)> _ended = new();
    private readonly Lock _lock = new();
    private readonly StreamOptions _options;
    private readonly StreamMemory _memory;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private long _bytes;
    private bool _isTicking;

    public KeptStreams(StreamOptions options, StreamMemory memory, TimeProvider time)
    {
        _memory = memory;
        _options = options;
        _time = time;
        _timer = time.CreateTimer(static kept => ((KeptStreams)kept!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many there are.</summary>
    public int Count => _streams.Count;

    /// <summary>Those whose producer has not let go of everything. Looked for among all: that is asked when a key or the process ends, and a list of its own would cost every stream.</summary>
    public IEnumerable<StreamSession> Running => _streams.Select(static pair => pair.Value).Where(static session => !session.Completion.IsCompleted);

    /// <summary>How many of them have ended.</summary>
    public int EndedCount
    {
        get
        {
            lock (_lock)
            {
                return _ended.Count;
            }
        }
    }

    /// <summary>Takes hold of a stream that is about to start.</summary>
    public void Add(StreamSession session)
    {
        if (session.TryHold())
        {
            _streams[session.Id.Value] = session;
        }
    }

    /// <summary>The stream of that name; null where there is none, or no more.</summary>
    public StreamSession? Find(string id) => _streams.GetValueOrDefault(id);

    /// <summary>A stream has ended: its time to live begins.</summary>
    public void Ended(StreamSession session) => Ended(session.Memory.Bytes, () =>
    {
        _streams.TryRemove(session.Id.Value, out _);
        session.Expire();
        session.Release();
    });

    /// <summary>Something has ended that lives as long as a stream from now on.</summary>
    /// <param name="bytes">How large it is.</param>
    /// <param name="forget">Called when it has expired.</param>
    public void Ended(long bytes, Action forget)
    {
        lock (_lock)
        {
            _ended.Enqueue((forget, _time.GetTimestamp(), bytes));
            _bytes += bytes;
            if (!_isTicking)
            {
                _isTicking = true;
                _timer.Change(LookEvery, LookEvery);
            }
        }

        // Not for the timer to do: a burst of large answers would grow for a second.
        Expire();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Expire()
    {
        while (TakeExpired() is { } forget)
        {
            forget();
        }
    }

    private Action? TakeExpired()
    {
        lock (_lock)
        {
            if (!_ended.TryPeek(out var oldest))
            {
                _isTicking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return null;
            }

            if (_bytes <= _options.MaxRetainedBytes && _memory.Bytes <= _options.MaxTotalBytes && _time.GetElapsedTime(oldest.EndedAt) < _options.TimeToLive)
            {
                return null;
            }

            _ended.Dequeue();
            _bytes -= oldest.Bytes;
            return oldest.Forget;
        }
    }
}
