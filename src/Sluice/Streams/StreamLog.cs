using System.Buffers;
using Sluice.Sse;

namespace Sluice.Streams;

/// <summary>Everything that one stream has said: its events in the stream's own dialect, framed once, in order.</summary>
/// <remarks>
/// One producer appends; any number of cursors read. Events become visible in batches, at <see cref="Publish"/>: that is what makes one
/// flush out of one read from upstream. Sequence numbers are given inside the append: 1..n without a hole.
/// The bytes are the log's own, pooled; they go back at <see cref="Release"/>, when neither producer nor cursor is left.
/// </remarks>
internal sealed class StreamLog : IBufferWriter<byte>
{
    // An idle stream that has said little stays little; a long answer ends up in few, larger pieces.
    private const int FirstSegmentBytes = 1024;
    private const int MaxSegmentBytes = 16 * 1024;

    private readonly StreamId _id;
    private LogSegment _firstUnpublished;
    private LogSegment _last;
    private long _published;
    private bool _isComplete;
    private int _nextSize = FirstSegmentBytes;

    public StreamLog(StreamId id)
    {
        _id = id;
        First = _last = _firstUnpublished = NewSegment(0);
    }

    /// <summary>Where reading begins.</summary>
    public LogSegment First { get; }

    /// <summary>The number of the last event appended; 0 before the first. The producer's.</summary>
    public long Sequence { get; private set; }

    /// <summary>Bytes appended. The producer's.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of the last event that viewers may see.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>Whether the last event published was the terminal one. Read it before reading bytes, never after.</summary>
    public bool IsComplete => Volatile.Read(ref _isComplete);

    /// <summary>Appends one event and gives it its number.</summary>
    /// <param name="data">The event's data. Copied.</param>
    public void Append(ReadOnlySpan<byte> data)
    {
        SseWriter.WriteEvent(this, _id.Utf8, ++Sequence, data);
        _last.LastSequence = Sequence;
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
        Volatile.Write(ref _published, Sequence);
    }

    /// <summary>Shows viewers what has been appended, and that nothing follows.</summary>
    public void Complete()
    {
        Publish();
        Volatile.Write(ref _isComplete, true);
    }

    /// <summary>Gives the memory back. Neither producer nor cursor may touch the log any more.</summary>
    public void Release()
    {
        for (var segment = First; segment is not null; segment = segment.Next)
        {
            segment.Return();
        }
    }

    void IBufferWriter<byte>.Advance(int count)
    {
        _last.Advance(count);
        Bytes += count;
    }

    Memory<byte> IBufferWriter<byte>.GetMemory(int sizeHint) => Room(sizeHint);

    Span<byte> IBufferWriter<byte>.GetSpan(int sizeHint) => Room(sizeHint).Span;

    private Memory<byte> Room(int sizeHint)
    {
        if (_last.Free.Length < Math.Max(sizeHint, 1))
        {
            _last = _last.Next = NewSegment(sizeHint);
        }

        return _last.Free;
    }

    private LogSegment NewSegment(int sizeHint)
    {
        var size = Math.Max(_nextSize, sizeHint);
        _nextSize = Math.Min(_nextSize * 2, MaxSegmentBytes);

        // The event that is being written ends behind whatever segment this one follows.
        return new LogSegment(size) { LastSequence = Math.Max(0, Sequence - 1) };
    }
}
