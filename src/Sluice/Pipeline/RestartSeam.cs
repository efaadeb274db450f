using System.Buffers;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The seam of an answer that was asked for from the start: it is there when all that was shown has been said again, unit by unit.</summary>
internal sealed class RestartSeam(ReadOnlyMemory<byte> shown) : Seam
{
    private EscapedText.Mark _at;

    protected override SeamState Decide(ReadOnlySpan<byte> content, IBufferWriter<byte> rest, bool isEnd)
    {
        var old = new EscapedText(shown.Span, _at);
        var text = new EscapedText(content);
        while (true)
        {
            var before = text;
            if (!text.TryRead(out var unit))
            {
                break;
            }

            if (!old.TryRead(out var expected))
            {
                before.WriteRest(rest);
                return SeamState.Open;
            }

            if (unit != expected)
            {
                return SeamState.Departed;
            }
        }

        // Shown and said to the same unit: whatever comes next is new.
        _at = old.Position;
        return !old.TryRead(out _) ? SeamState.Open : isEnd ? SeamState.Departed : SeamState.Held;
    }
}
