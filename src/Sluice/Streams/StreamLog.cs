using System.Buffers;
using Sluice.Diagnostics;
using Sluice.Sse;

namespace Sluice.Streams;

/// <summary>Everything that one stream has said: its events in the stream's own dialect, framed once, in order.</summary>
/// <remarks>
/// One producer appends and drops; any number of cursors read. Events become visible in batches, at <see cref="Publish"/>: that is what makes one
/// flush out of one read from upstream. Sequence numbers are given inside the append: 1..n without a hole.
/// The bytes are the log's own, pooled; they go back segment by segment when neither the log nor a cursor needs them any more.
/// </remarks>
internal sealed class StreamLog : IBufferWriter<byte>, ILiveCount
{
    // An idle stream that has said little stays little; a long answer ends up in few, larger pieces.
    private const int FirstSegmentBytes = 1024;
    private const int MaxSegmentBytes = 16 * 1024;

    private readonly StreamId _id;
    private LogSegment _first;
    private LogSegment _firstUnpublished;
    private long _published;
    private long _publishedBytes;
    private bool _isComplete;
    private long _floor;
    private int _nextSize = FirstSegmentBytes * 2;

    /// <param name="id">The stream's name, which each event's id begins with.</param>
    /// <param name="memory">Counts the bytes.</param>
    public StreamLog(StreamId id, StreamMemory memory)
    {
        _id = id;
        _first = Last = _firstUnpublished = new LogSegment(FirstSegmentBytes, memory);
    }

    /// <summary>Where what is kept begins. The producer's; others take hold of it by <see cref="HoldFirst"/>.</summary>
    public LogSegment First => Volatile.Read(ref _first);

    /// <summary>Where the next event goes. The producer's.</summary>
    public LogSegment Last { get; private set; }

    /// <summary>The number of the last event appended; 0 before the first. The producer's.</summary>
    public long Sequence { get; private set; }

    /// <summary>Bytes appended, also those that have been dropped since. The producer's.</summary>
    public long Bytes { get; private set; }

    /// <summary>Bytes that viewers may see, also those that have been dropped since.</summary>
    public long PublishedBytes => Volatile.Read(ref _publishedBytes);

    /// <summary>Bytes that are kept. The producer's.</summary>
    public long KeptBytes => Bytes - Start;

    /// <summary>Events that are kept. The producer's.</summary>
    public long KeptEvents => Sequence - _floor;

    /// <summary>Bytes that have been dropped. The producer's, which looks at it with every batch: so it stands here, not in the first segment, which is no longer touched.</summary>
    public long Start { get; private set; }

    /// <summary>The number of the last event that viewers may see.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <inheritdoc/>
    long ILiveCount.Events => Published;

    /// <inheritdoc/>
    long ILiveCount.Bytes => PublishedBytes;

    /// <summary>Whether the last event published was the terminal one. Read it before reading bytes, never after.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    /// <summary>Appends one event and gives it its number.</summary>
    /// <param name="data">The event's data. Copied.</param>
    public void Append(ReadOnlySpan<byte> data)
    {
        SseWriter.WriteEvent(this, _id.Utf8, ++Sequence, data);
        Last.EndEvent(Sequence);
    }

    /// <summary>Shows viewers what has been appended.</summary>
    public void Publish()
    {
        while (_firstUnpublished.Published == _firstUnpublished.Written && _firstUnpublished.Next is { } next)
        {
            _firstUnpublished = next;
        }

        // The first segment that has news is shown last: no cursor gets past it before, so a batch becomes visible as one, never half an event.
        var first = _firstUnpublished;
        for (var segment = first.Next; segment is not null; segment = segment.Next)
        {
            segment.Publish();
            _firstUnpublished = segment;
        }

        first.Publish();
        Volatile.Write(ref _publishedBytes, Bytes);
        Volatile.Write(ref _published, Sequence);
    }

    /// <summary>Shows viewers what has been appended, and that nothing follows.</summary>
    public void Complete()
    {
        Publish();
        Volatile.Write(ref _isComplete, true);
    }

    /// <summary>Where reading can begin. The caller, who holds the stream, releases it.</summary>
    public LogSegment HoldFirst()
    {
        while (true)
        {
            // Where the last holder has let go of it in this very moment, another one is the first already.
            var first = First;
            if (first.TryHold())
            {
                return first;
            }

            ObjectDisposedException.ThrowIf(first == First, this);
        }
    }

    /// <summary>Lets go of the first segment, which is published whole and has one behind it. Cursors that stand in it still read on. The producer's.</summary>
    public void DropFirst()
    {
        var dropped = First;
        var first = dropped.Next!;
        first.Hold();
        Volatile.Write(ref _first, first);
        (Start, _floor) = (first.Start, first.Floor);
        dropped.Release();
    }

    /// <summary>Gives the memory back. Neither producer nor cursor may touch the log any more.</summary>
    public void Release() => First.Release();

    void IBufferWriter<byte>.Advance(int count)
    {
        Last.Advance(count);
        Bytes += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => Room(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(sizeHint).Span;

    private Memory<byte> Room(int sizeHint)
    {
        if (Last.Free.Length < Math.Max(sizeHint, 1))
        {
            // The event that is being written ends behind the segment that it begins in.
            Last = Last.Next = new LogSegment(Math.Max(_nextSize, sizeHint), Last, lastEnded: Sequence - 1);
            _nextSize = Math.Min(_nextSize * 2, MaxSegmentBytes);
        }

        return Last.Free;
    }
}
