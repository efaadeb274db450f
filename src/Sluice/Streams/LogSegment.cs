using System.Buffers;
using System.Diagnostics;

namespace Sluice.Streams;

/// <summary>One pooled stretch of a stream's log. The producer writes to the last one; viewers read what is published.</summary>
/// <remarks>
/// A chain: the log holds its first segment, each segment holds the next, and a cursor holds the one it stands in. So what a viewer has yet to read stays,
/// also where the log has dropped it, and goes back to the pool with the last who can still reach it.
/// </remarks>
internal sealed class LogSegment
{
    private readonly StreamMemory _memory;
    private byte[] _buffer;
    private int _published;
    private int _frameEnd;
    private int _holders = 1;
    private LogSegment? _next;

    /// <summary>A first segment.</summary>
    /// <param name="size">Bytes to have room for, at least.</param>
    /// <param name="memory">Counts the bytes.</param>
    public LogSegment(int size, StreamMemory memory)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(size);
        _memory = memory;
        memory.Add(_buffer.Length);
    }

    /// <summary>A segment behind another one, which nothing is written to any more.</summary>
    /// <param name="size">Bytes to have room for, at least.</param>
    /// <param name="previous">The other one.</param>
    /// <param name="lastEnded">The number of the last event that has been written whole.</param>
    public LogSegment(int size, LogSegment previous, long lastEnded)
        : this(size, previous._memory)
    {
        Start = previous.Start + previous.Written;
        EndedBefore = LastSequence = lastEnded;
        Floor = previous._frameEnd == previous.Written ? lastEnded : lastEnded + 1;
        IsAfterLineFeed = previous.Written > 0 && previous._buffer[previous.Written - 1] == (byte)'\n';
    }

    /// <summary>How many bytes of the log stand before this segment.</summary>
    public long Start { get; }

    /// <summary>The number of the last event that ends before this segment.</summary>
    public long EndedBefore { get; }

    /// <summary>The number of the earliest event behind which can be read on with nothing but this segment and those that follow.</summary>
    public long Floor { get; }

    /// <summary>Whether the byte before this segment is a line feed.</summary>
    public bool IsAfterLineFeed { get; }

    /// <summary>Bytes written. The producer's; final once <see cref="Next"/> is set.</summary>
    public int Written { get; private set; }

    /// <summary>The number of the last event that ends in this segment or before it. The producer's; final up to what is published.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Room behind what is written.</summary>
    public Memory<byte> Free => _buffer.AsMemory(Written);

    /// <summary>The bytes up to which viewers may read.</summary>
    public int Published => Volatile.Read(ref _published);

    /// <summary>The segment behind this one, or null while this is the last.</summary>
    public LogSegment? Next
    {
        get => Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, value);
    }

    /// <summary>Whether the bytes have gone back to the pool.</summary>
    public bool IsReturned => _buffer.Length == 0;

    public void Advance(int count) => Written += count;

    /// <summary>An event ends behind the last byte written.</summary>
    public void EndEvent(long sequence)
    {
        LastSequence = sequence;
        _frameEnd = Written;
    }

    public void Publish() => Volatile.Write(ref _published, Written);

    public ReadOnlySpan<byte> Read(int offset, int end) => _buffer.AsSpan(offset, end - offset);

    public ReadOnlyMemory<byte> Piece(int offset, int end) => _buffer.AsMemory(offset, end - offset);

    /// <summary>Takes hold. Only for who reaches the segment through something that holds it.</summary>
    public void Hold() => Interlocked.Increment(ref _holders);

    /// <summary>Takes hold of what others may just be letting go of.</summary>
    /// <returns>False where the last one has: the bytes are no longer there.</returns>
    public bool TryHold() => HoldCount.TryHold(ref _holders);

    /// <summary>Lets go. The last to let go gives the bytes back to the pool, and lets go of the next segment.</summary>
    public void Release()
    {
        for (var segment = this; segment is not null && Interlocked.Decrement(ref segment._holders) == 0; segment = segment.Next)
        {
            segment.Return();
        }
    }

    private void Return()
    {
        var buffer = _buffer;
        _buffer = [];
        Debug.Assert(buffer.Length > 0, "A segment goes back to the pool once.");
        _memory.Add(-buffer.Length);
#if DEBUG
        buffer.AsSpan().Fill(0xDD);
#endif
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
