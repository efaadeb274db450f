using System.Runtime.CompilerServices;

namespace Sluice.Sse;

/// <summary>A field's name as it arrives in pieces. One byte more than the longest known name tells all others apart.</summary>
[InlineArray(Capacity)]
internal struct SseFieldName
{
    private const int Capacity = 6;

    private byte _first;

    /// <summary>Adds a piece behind the <paramref name="length"/> bytes that are there; what does not fit is dropped.</summary>
    /// <returns>The new length, at most the capacity.</returns>
    public int Append(int length, ReadOnlySpan<byte> piece)
    {
        Span<byte> free = ((Span<byte>)this)[length..];
        int taken = Math.Min(free.Length, piece.Length);
        piece[..taken].CopyTo(free);
        return length + taken;
    }

    public readonly SseField Resolve(int length) => Resolve(((ReadOnlySpan<byte>)this)[..length]);

    // WHATWG 9.2.6: names are compared byte by byte, no case folding.
    private static SseField Resolve(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("data"u8) => SseField.Data,
        _ when name.SequenceEqual("event"u8) => SseField.Event,
        _ when name.SequenceEqual("id"u8) => SseField.Id,
        _ when name.SequenceEqual("retry"u8) => SseField.Retry,
        _ => SseField.Unknown,
    };
}
