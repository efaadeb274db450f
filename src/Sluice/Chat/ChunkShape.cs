using System.Buffers;
using System.Text.Unicode;

namespace Sluice.Chat;

/// <summary>What the chunks of one answer have in common: nearly all are alike to the byte, but for the token that they carry. Such a chunk needs no walk to be understood.</summary>
/// <remarks>
/// <code>
/// {"id":"c-1","created":1741570283,"choices":[{"delta":{"content":" tok"},"finish_reason":null}],"obfuscation":"x7Qe"}
/// ======================----------===================================----=====================================----==
/// = the same bytes as in the chunk that was learned from: valid JSON where that was      - one JSON string or number in the place of another
/// </code>
/// So a chunk that fits is one whole JSON object, of the same kind. One that does not fit may still be anything, and is walked over.
/// Belongs to one answer; not safe for several threads.
/// </remarks>
internal sealed class ChunkShape
{
    /// <summary>Larger chunks are not learned from: an answer would hold that much for as long as it lasts.</summary>
    public const int MaxBytes = 2048;

    // A short answer is not worth a buffer, which an idle one would hold on to.
    private const int WalksBefore = 16;

    private const int MaxSlots = 3;

    private static readonly SearchValues<byte> s_endsOrEscapes = SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(c => (byte)c)]);

    private byte[] _json = [];
    private int _length;
    private Slots _slots;
    private int _count;
    private int _token;
    private ChatChunkKind _kind;
    private ulong _choices;
    private int _walks;

    /// <summary>The choices that a chunk of this shape speaks of; see <see cref="ChatChunkView.Choices"/>.</summary>
    public ulong Choices => _choices;

    /// <summary>Understands a chunk by its likeness to what was learned.</summary>
    /// <param name="json">The event's data.</param>
    /// <param name="chunk">The chunk, over the same bytes.</param>
    /// <returns>False where it does not fit: that says nothing about it.</returns>
    public bool Fits(ReadOnlyMemory<byte> json, out ChatChunk chunk)
    {
        chunk = default;
        var rest = json.Span;
        var learned = 0;
        var token = default(Range);
        for (var i = 0; i < _count; i++)
        {
            // 1. The bytes before the slot, the same as ever.
            var (start, end) = _slots[i];
            var same = _json.AsSpan(learned, start - learned);
            if (!rest.StartsWith(same))
            {
                return false;
            }

            // 2. What stands in the slot.
            rest = rest[same.Length..];
            var length = _json[end] == (byte)'"' ? StringLength(rest) : NumberLength(rest);
            if (length <= 0)
            {
                return false;
            }

            if (i == _token)
            {
                var at = json.Length - rest.Length;
                token = at..(at + length);
            }

            rest = rest[length..];
            learned = end;
        }

        // 3. The bytes behind the last one.
        if (_count == 0 || !rest.SequenceEqual(_json.AsSpan(learned, _length - learned)))
        {
            return false;
        }

        chunk = ChatChunk.Of(json, _kind, token);
        return true;
    }

    /// <summary>Takes note of a chunk that was walked over.</summary>
    /// <param name="chunk">The chunk. What is kept of it is copied.</param>
    /// <param name="view">What was found in it.</param>
    public void Learn(ChatChunk chunk, in ChatChunkView view)
    {
        var isContent = chunk.Kind == ChatChunkKind.Content;
        var token = isContent ? chunk.Content : chunk.Reasoning;
        if ((!isContent && chunk.Kind != ChatChunkKind.Reasoning) || token.IsEmpty || chunk.Json.Length > MaxBytes || ++_walks < WalksBefore)
        {
            return;
        }

        var json = chunk.Json.Span;
        if (_json.Length < json.Length)
        {
            _json = GC.AllocateUninitializedArray<byte>(json.Length + (json.Length / 8));
        }

        json.CopyTo(_json);
        _length = json.Length;
        _kind = chunk.Kind;
        _choices = view.Choices;

        // In the order in which they stand.
        _count = 0;
        AddSlot(json, token);
        AddSlot(json, view.Created);
        AddSlot(json, view.Padding);
        var first = json.Overlaps(token, out var at) ? at : 0;
        for (_token = 0; _slots[_token].Start != first; _token++)
        {
        }
    }

    private void AddSlot(ReadOnlySpan<byte> json, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || !json.Overlaps(value, out var start))
        {
            return;
        }

        var i = _count++;
        for (; i > 0 && _slots[i - 1].Start > start; i--)
        {
            _slots[i] = _slots[i - 1];
        }

        _slots[i] = (start, start + value.Length);
    }

    // The body of a string up to its quote; -1 where this is none.
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (true)
        {
            var next = text[length..].IndexOfAny(s_endsOrEscapes);
            if (next < 0)
            {
                return -1;
            }

            length += next;
            if (text[length] == (byte)'"')
            {
                return Utf8.IsValid(text[..length]) ? length : -1;
            }

            var escape = EscapeLength(text[length..]);
            if (escape < 0)
            {
                return -1;
            }

            length += escape;
        }
    }

    // RFC 8259, 7.
    private static int EscapeLength(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'\\', (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t', ..])
        {
            return 2;
        }

        return text is [(byte)'\\', (byte)'u', var a, var b, var c, var d, ..] && char.IsAsciiHexDigit((char)a) && char.IsAsciiHexDigit((char)b) && char.IsAsciiHexDigit((char)c) && char.IsAsciiHexDigit((char)d)
            ? 6
            : -1;
    }

    // A whole number without a sign; what follows it must be what followed the one that was learned.
    private static int NumberLength(ReadOnlySpan<byte> text)
    {
        var length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return length > 1 && text[0] == (byte)'0' ? -1 : length;
    }

    [System.Runtime.CompilerServices.InlineArray(MaxSlots)]
    private struct Slots
    {
        private (int Start, int End) _first;
    }
}
