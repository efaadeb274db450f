using System.Buffers;

namespace Sluice.Streams;

/// <summary>How many bytes each event has added to a text, so that the part behind any event can be cut out. About one byte per event.</summary>
internal sealed class SnapshotPieces
{
    private const int More = 0x80;

    private readonly ArrayBufferWriter<byte> _lengths = new();

    /// <summary>Bytes in memory.</summary>
    public int HeldBytes => _lengths.Capacity;

    /// <summary>Takes the next event's length.</summary>
    public void Add(int length)
    {
        // Seven bits a byte, the low ones first.
        var bytes = _lengths.GetSpan(sizeof(int) + 1);
        var count = 0;
        for (; length >= More; length >>= 7)
        {
            bytes[count++] = (byte)(length | More);
        }

        bytes[count++] = (byte)length;
        _lengths.Advance(count);
    }

    /// <summary>How many bytes the first events have added.</summary>
    /// <param name="events">How many events; at most those that were added.</param>
    public int LengthOf(long events)
    {
        var total = 0;
        var shift = 0;
        foreach (var part in _lengths.WrittenSpan)
        {
            if (events == 0)
            {
                break;
            }

            total += (part & (More - 1)) << shift;
            shift = part >= More ? shift + 7 : 0;
            events -= part >= More ? 0 : 1;
        }

        return total;
    }
}
