using System.Buffers;

namespace Sluice.Streams;

/// <summary>A position in a log: what one viewer has taken so far. It keeps what is behind it from going back to the pool; dispose it.</summary>
/// <remarks>One reader at a time, which also disposes it.</remarks>
internal sealed class StreamCursor : IDisposable
{
    private readonly StreamLog _log;
    private LogSegment? _held;
    private LogSegment _segment;
    private int _offset;

    /// <summary>A cursor where what is kept of a log begins.</summary>
    public StreamCursor(StreamLog log)
    {
        _log = log;
        _held = _segment = log.HoldFirst();
        Sequence = Floor;
    }

    private StreamCursor(StreamCursor other)
    {
        _log = other._log;
        _offset = other._offset;
        _held = _segment = other._segment;
        _segment.Hold();
    }

    /// <summary>The number of the last event that this cursor has surely taken.</summary>
    public long Sequence { get; set; }

    /// <summary>How many bytes of the log stand before this cursor.</summary>
    public long Position => _segment.Start + _offset;

    /// <summary>The earliest event that it can be moved behind.</summary>
    public long Floor => _segment.Floor;

    /// <summary>A second cursor at the same place.</summary>
    public StreamCursor Clone() => new(this);

    /// <summary>Moves a new cursor to right behind an event.</summary>
    /// <param name="sequence">Its number, at least <see cref="Floor"/>, at most what is published; 0 for the beginning.</param>
    public void Seek(long sequence)
    {
        Sequence = sequence;

        // 1. To the segment that the event ends in. It is published, so the numbers up to it are final.
        while (_segment.LastSequence < sequence)
        {
            MoveTo(_segment.Next!);
        }

        // 2. To its end: a frame ends with an empty line, and holds none.
        var passed = _segment.EndedBefore;
        var bytes = _segment.Read(0, _segment.Published);
        while (passed < sequence)
        {
            // A frame that began in an earlier segment may have left only its last line feed for this one.
            _offset += _offset == 0 && _segment.IsAfterLineFeed && bytes[0] == (byte)'\n' ? 1 : bytes[_offset..].IndexOf("\n\n"u8) + 2;
            passed++;
        }
    }

    /// <summary>Copies what is published and not yet taken, up to about <paramref name="maxBytes"/>.</summary>
    /// <returns>False where there is nothing new.</returns>
    public bool TryCopyTo(IBufferWriter<byte> output, int maxBytes)
    {
        var any = TryTake(output, maxBytes, out var last);
        Copy(ref last, output);
        return any;
    }

    /// <summary>Takes what is published and not yet taken, up to about <paramref name="maxBytes"/>: nearly always one piece, which is handed out and not copied.</summary>
    /// <param name="output">Where to what stands before the last piece is copied.</param>
    /// <param name="maxBytes">About how much is taken.</param>
    /// <param name="last">The last piece: the log's own bytes, valid until the cursor is used again. Empty where all was copied.</param>
    /// <returns>False where there is nothing new.</returns>
    public bool TryTake(IBufferWriter<byte> output, int maxBytes, out ReadOnlyMemory<byte> last)
    {
        // The number is read before the bytes: whatever it counts is among them, or was taken before.
        var published = _log.Published;
        var taken = 0;
        last = default;
        while (true)
        {
            var end = _segment.Published;
            if (end > _offset)
            {
                Copy(ref last, output);
                last = _segment.Piece(_offset, end);
                taken += last.Length;
                _offset = end;
            }
            else if (_segment.Next is { } next && _offset == _segment.Written)
            {
                // Its bytes may go back to the pool when nobody stands in it any more.
                Copy(ref last, output);
                MoveTo(next);
            }
            else
            {
                Sequence = published;
                return taken > 0;
            }

            if (taken >= maxBytes)
            {
                return true;
            }
        }
    }

    /// <summary>Lets go of the log. The cursor reads nothing any more.</summary>
    public void Dispose()
    {
        _held?.Release();
        _held = null;
    }

    // Asking for room to write nothing would go through every layer of the server.
    private static void Copy(ref ReadOnlyMemory<byte> piece, IBufferWriter<byte> output)
    {
        if (!piece.IsEmpty)
        {
            output.Write(piece.Span);
            piece = default;
        }
    }

    private void MoveTo(LogSegment next)
    {
        next.Hold();
        _segment.Release();
        _held = _segment = next;
        _offset = 0;
    }
}
