using System.Diagnostics.CodeAnalysis;

namespace Sluice.Streams;

/// <summary>Keeps one stream within its caps: what its log drops at the old end stands in its snapshot from then on.</summary>
/// <remarks>
/// <code>
/// | in the snapshot | in the log                      |
/// 1 ............ floor ............................ published
///                   ^ moves on, a segment at a time
/// </code>
/// Works for the producer, behind a batch of events: over the cap, a segment goes for each that comes. It never waits for a lock.
/// </remarks>
/// <param name="session">The stream.</param>
/// <param name="viewers">Who watches it.</param>
/// <param name="options">The caps.</param>
/// <param name="memory">Counts this stream's bytes.</param>
internal sealed class StreamCompaction(StreamSession session, StreamViewers viewers, StreamOptions options, StreamMemory memory) : IDisposable
{
    // What a running stream keeps of its log where all streams together need too much.
    private const int LeastLogBytes = 64 * 1024;

    // What is dropped has to be read first, some 10 ns a byte, and the producer's thread serves other streams too. Twice what a batch may be, so that it keeps pace.
    private const int MaxBytesAtOnce = 2 * StreamProduction.MaxBatchBytes;

    private readonly StreamMemory _whole = memory.Whole;
    private LogSegment? _looked;
    private StreamSnapshot? _snapshot;

    /// <summary>What the stream has come to. Made when it is asked for; before anything is dropped.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "Disposed with this.")]
    public StreamSnapshot Snapshot
    {
        get
        {
            if (Volatile.Read(ref _snapshot) is { } known)
            {
                return known;
            }

            // Two may make one at the same time; before the first is there, nothing is dropped.
            var made = new StreamSnapshot(session, memory);
            if (Interlocked.CompareExchange(ref _snapshot, made, null) is not { } other)
            {
                return made;
            }

            made.Dispose();
            return other;
        }
    }

    /// <summary>Moves the floor where the log is over its cap, and lets go of viewers that lag too far behind. The producer's, after it has published.</summary>
    /// <returns>False where the stream cannot be kept within its caps: its text alone is too large.</returns>
    public bool KeepWithinCaps()
    {
        var log = session.Log;
        if (_looked != log.Last)
        {
            // Once for each segment that is begun, not for each batch.
            _looked = log.Last;
            viewers.LetGoOfLaggards(log, options);
        }

        var start = log.Start;
        while (log.Start - start < MaxBytesAtOnce && IsOver(log) && TryDrop(log))
        {
        }

        return !(_snapshot?.Length > options.MaxLogBytes);
    }

    /// <summary>Lets go of the log. Nobody may use the stream any more.</summary>
    public void Dispose() => _snapshot?.Dispose();

    private bool IsOver(StreamLog log)
    {
        var isTight = _whole.Bytes > options.MaxTotalBytes;
        var max = isTight ? Math.Min(LeastLogBytes, options.MaxLogBytes) : options.MaxLogBytes - (_snapshot?.Length ?? 0);
        return log.KeptBytes > max || log.KeptEvents > options.MaxLogEvents;
    }

    // The last event published always stays: it may be the terminal one, which everyone gets to see.
    private bool TryDrop(StreamLog log)
    {
        if (log.First.Next is not { } next || next.Floor >= log.Published || !Snapshot.TryReadTo(next.Floor))
        {
            return false;
        }

        log.DropFirst();
        return true;
    }
}
