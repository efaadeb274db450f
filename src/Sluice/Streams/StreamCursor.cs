using System.Buffers;

namespace Sluice.Streams;

/// <summary>A position in a log: what one viewer has taken so far.</summary>
internal sealed class StreamCursor(StreamLog log)
{
    private LogSegment _segment = log.First;
    private int _offset;

    /// <summary>The number of the last event that this cursor has surely taken.</summary>
    public long Sequence { get; set; }

    /// <summary>A second cursor at the same place.</summary>
    public StreamCursor Clone() => (StreamCursor)MemberwiseClone();

    /// <summary>Moves to right behind an event.</summary>
    /// <param name="sequence">Its number, at most what is published; 0 for the beginning.</param>
    public void Seek(long sequence)
    {
        _segment = log.First;
        _offset = 0;
        Sequence = sequence;
        if (sequence == 0)
        {
            return;
        }

        // 1. To the segment that the event ends in. It is published, so the numbers up to it are final.
        var passed = 0L;
        var lineHasEnded = false;
        while (_segment.LastSequence < sequence)
        {
            passed = _segment.LastSequence;

            // A first event that is larger than the first segment leaves that one empty.
            lineHasEnded = _segment.Written > 0 && _segment.Read(_segment.Written - 1, _segment.Written)[0] == (byte)'\n';
            _segment = _segment.Next!;
        }

        // 2. To its end: a frame ends with an empty line, and holds none.
        var bytes = _segment.Read(0, _segment.Published);
        while (passed < sequence)
        {
            // A frame that began in an earlier segment may have left only its last line feed for this one.
            _offset += _offset == 0 && lineHasEnded && bytes[0] == (byte)'\n' ? 1 : bytes[_offset..].IndexOf("\n\n"u8) + 2;
            passed++;
        }
    }

    /// <summary>Copies what is published and not yet taken, up to about <paramref name="maxBytes"/>.</summary>
    /// <returns>False where there is nothing new.</returns>
    public bool TryCopyTo(IBufferWriter<byte> output, int maxBytes)
    {
        // The number is read before the bytes: whatever it counts is among them, or was taken before.
        var published = log.Published;
        var copied = 0;
        while (true)
        {
            var end = _segment.Published;
            if (end > _offset)
            {
                output.Write(_segment.Read(_offset, end));
                copied += end - _offset;
                _offset = end;
            }
            else if (_segment.Next is { } next && _offset == _segment.Written)
            {
                _segment = next;
                _offset = 0;
            }
            else
            {
                Sequence = published;
                return copied > 0;
            }

            if (copied >= maxBytes)
            {
                return true;
            }
        }
    }
}
