using System.Buffers;

namespace Sluice.Streams;

/// <summary>A position in a log: what one viewer has taken so far.</summary>
internal sealed class StreamCursor(StreamLog log)
{
    private LogSegment _segment = log.First;
    private int _offset;

    /// <summary>The number of the last event that this cursor has surely taken.</summary>
    public long Sequence { get; private set; }

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
