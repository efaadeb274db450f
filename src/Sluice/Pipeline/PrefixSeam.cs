using System.Buffers;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The seam of an answer that a target was asked to continue: at its first piece, unless it says the end of what was shown once more.</summary>
/// <remarks>
/// A repetition is left out only where it is certain: at least <see cref="MinOverlap"/> code units, which stand nowhere else in what was shown. A text that
/// repeats itself anyway (a table, a refrain) may well go on that way. Text is held back only while it may still be such a repetition.
/// Who says so much of the beginning once more has not continued: it has answered from the start, and departs.
/// A half of a character at the end of what was shown has not been sent: the target has to say that character first.
/// </remarks>
internal sealed class PrefixSeam : Seam
{
    /// <summary>The least that counts as a repetition.</summary>
    public const int MinOverlap = 32;

    /// <summary>The longest that is looked for.</summary>
    public const int MaxOverlap = 1024;

    private readonly char[] _shown;
    private readonly int _half;

    /// <param name="shown">What was shown.</param>
    /// <param name="sent">How many bytes of it the target was sent.</param>
    public PrefixSeam(ReadOnlySpan<byte> shown, int sent)
    {
        _shown = Units(shown[..sent]);
        _half = Units(shown[sent..]) is [var half] ? half : 0;
    }

    protected override SeamState Decide(ReadOnlySpan<byte> content, IBufferWriter<byte> rest, bool isEnd)
    {
        var said = Units(Said);
        var overlap = 0;
        var mayGrow = false;
        for (var length = Math.Min(MaxOverlap, _shown.Length); length >= MinOverlap; length--)
        {
            var tail = _shown.AsSpan(_shown.Length - length);
            if (said.Length >= length && said.AsSpan(0, length).SequenceEqual(tail) && IsOnce(tail))
            {
                overlap = length;
                break;
            }

            mayGrow |= said.Length < length && tail.StartsWith(said);
        }

        if (!isEnd && mayGrow)
        {
            return SeamState.Held;
        }

        // Who does not know the field begins at the beginning: what was shown would be told twice.
        var fromTheStart = overlap == 0 ? said.AsSpan().CommonPrefixLength(_shown) : 0;
        if (fromTheStart >= MinOverlap)
        {
            return SeamState.Departed;
        }

        if (!isEnd && fromTheStart == said.Length && _shown.Length >= MinOverlap && overlap == 0)
        {
            return SeamState.Held;
        }

        // Who only says that it is done has not gone on: what was shown may still be half an answer, and only saying it again can tell.
        if (isEnd && overlap == said.Length)
        {
            return SeamState.Departed;
        }

        var text = new EscapedText(Said);
        for (var i = 0; i < overlap; i++)
        {
            text.TryRead(out _);
        }

        if (_half != 0)
        {
            if (overlap == said.Length)
            {
                return SeamState.Held;
            }

            if (!text.TryRead(out var unit) || unit != _half)
            {
                return SeamState.Departed;
            }
        }

        text.WriteRest(rest);
        return SeamState.Open;
    }

    private static char[] Units(ReadOnlySpan<byte> escaped)
    {
        // No code unit takes less than a byte.
        var units = new char[escaped.Length];
        var count = 0;
        var reader = new EscapedText(escaped);
        while (reader.TryRead(out var unit))
        {
            units[count++] = unit;
        }

        return units[..count];
    }

    private bool IsOnce(ReadOnlySpan<char> tail) => _shown.AsSpan(0, _shown.Length - 1).IndexOf(tail) < 0;
}
