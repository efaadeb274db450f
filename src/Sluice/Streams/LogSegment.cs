using System.Buffers;
using System.Diagnostics;

namespace Sluice.Streams;

/// <summary>One pooled stretch of a stream's log. The producer writes to the last one; viewers read what is published.</summary>
internal sealed class LogSegment(int size)
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(size);
    private int _published;
    private LogSegment? _next;

    /// <summary>Bytes written. The producer's; final once <see cref="Next"/> is set.</summary>
    public int Written { get; private set; }

    /// <summary>The number of the last event that ends in this segment or before it. The producer's; final up to what is published.</summary>
    public long LastSequence { get; set; }

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

    public void Publish() => Volatile.Write(ref _published, Written);

    public ReadOnlySpan<byte> Read(int offset, int end) => _buffer.AsSpan(offset, end - offset);

    /// <summary>Gives the bytes back to the pool. Nobody may read any more.</summary>
    public void Return()
    {
        var buffer = _buffer;
        _buffer = [];
        Debug.Assert(buffer.Length > 0, "A segment goes back to the pool once.");
#if DEBUG
        buffer.AsSpan().Fill(0xDD);
#endif
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
