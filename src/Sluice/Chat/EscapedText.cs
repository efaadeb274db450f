using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Sluice.Chat;

/// <summary>Reads the body of a JSON string (escaped, without the quotes) one UTF-16 code unit at a time, so that texts that are escaped in different ways can be compared.</summary>
/// <remarks>Code units, not characters: an upstream may end a chunk between the halves of a surrogate pair (<c>\uD83D</c>, <c>\uDE00</c>). The bytes have
/// been validated as JSON and as UTF-8 before. Allocates nothing.</remarks>
internal ref struct EscapedText(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private int _at;
    private char _low;

    /// <summary>Goes on where another reader of the same text (or of one that has grown since) stood.</summary>
    public EscapedText(ReadOnlySpan<byte> text, Mark mark)
        : this(text) => (_at, _low) = (mark.At, mark.Low);

    /// <summary>Where this reader stands.</summary>
    public readonly Mark Position => new(_at, _low);

    /// <summary>Reads the next code unit.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead(out char unit)
    {
        if (_low != 0)
        {
            (unit, _low) = (_low, '\0');
            return true;
        }

        unit = '\0';
        if (_at == _text.Length)
        {
            return false;
        }

        var first = _text[_at];
        if (first == (byte)'\\')
        {
            unit = Escape();
            return true;
        }

        if (first < 0x80)
        {
            unit = (char)first;
            _at++;
            return true;
        }

        Rune.DecodeFromUtf8(_text[_at..], out var rune, out var length);
        _at += length;
        Span<char> units = stackalloc char[2];
        if (rune.EncodeToUtf16(units) == 2)
        {
            _low = units[1];
        }

        unit = units[0];
        return true;
    }

    /// <summary>Writes what has not been read, as it stands; a half of a character that was written whole becomes an escape.</summary>
    public readonly void WriteRest(IBufferWriter<byte> output)
    {
        if (_low != 0)
        {
            var escape = output.GetSpan(6);
            "\\u"u8.CopyTo(escape);
            Utf8Formatter.TryFormat((ushort)_low, escape[2..], out _, new StandardFormat('X', 4));
            output.Advance(6);
        }

        output.Write(_text[_at..]);
    }

    /// <summary>The text as it is meant. A half of a character becomes U+FFFD.</summary>
    /// <param name="text">Escaped.</param>
    public static string Decode(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)'\\') < 0)
        {
            return Encoding.UTF8.GetString(text);
        }

        var units = new StringBuilder(text.Length);
        var reader = new EscapedText(text);
        while (reader.TryRead(out var unit))
        {
            units.Append(unit);
        }

        // The encoder knows which halves have no other one.
        return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(units.ToString()));
    }

    /// <summary>The text without the half of a character that stands at its end, if one does.</summary>
    /// <param name="text">Escaped.</param>
    /// <param name="isSound">False where a half stands anywhere else: then the text is no Unicode, and no request can hold it.</param>
    public static ReadOnlySpan<byte> WholeCharacters(ReadOnlySpan<byte> text, out bool isSound)
    {
        var reader = new EscapedText(text);
        var end = 0;
        var isHalf = false;
        isSound = true;
        while (reader.TryRead(out var unit))
        {
            isSound &= char.IsLowSurrogate(unit) == isHalf;
            isHalf = char.IsHighSurrogate(unit);
            end = isHalf ? end : reader._at;
        }

        return text[..end];
    }

    private char Escape()
    {
        var kind = _text[_at + 1];
        if (kind == (byte)'u')
        {
            // Four hexadecimal digits, or it would not have been JSON.
            var isCode = Utf8Parser.TryParse(_text.Slice(_at + 2, 4), out ushort code, out _, 'X');
            _at += 6;
            return isCode ? (char)code : throw new InvalidOperationException("An escape without digits.");
        }

        _at += 2;
        return kind switch
        {
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            _ => (char)kind,
        };
    }

    /// <summary>A place in a text.</summary>
    /// <param name="At">The next byte.</param>
    /// <param name="Low">The second half of a character whose first half has been read; 0 where there is none.</param>
    internal readonly record struct Mark(int At, char Low);
}
