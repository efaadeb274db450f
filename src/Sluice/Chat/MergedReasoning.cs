namespace Sluice.Chat;

/// <summary>Counts reasoning once where an upstream repeats it inside the answer's text.</summary>
/// <remarks>A Bella channel that merges reasoning sends each piece twice, as <c>reasoning_content</c> and as <c>content</c>, the first piece of text behind
/// an opening "```sh" fence, and puts the closing fence before the first piece of the real answer.</remarks>
internal struct MergedReasoning
{
    private bool _isOpen;

    private static ReadOnlySpan<byte> Opening => "```sh\\n"u8;

    private static ReadOnlySpan<byte> Closing => "\\n```\\n"u8;

    /// <summary>A new text begins.</summary>
    public void Clear() => _isOpen = false;

    /// <summary>The part of a delta's text that is not its reasoning again. Both are JSON-escaped.</summary>
    public ReadOnlySpan<byte> Without(ReadOnlySpan<byte> reasoning, ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            return content;
        }

        if (!reasoning.IsEmpty)
        {
            if (content.StartsWith(Opening) && content[Opening.Length..].SequenceEqual(reasoning))
            {
                _isOpen = true;
                return default;
            }

            return _isOpen && content.SequenceEqual(reasoning) ? default : content;
        }

        if (_isOpen)
        {
            _isOpen = false;
            return content.StartsWith(Closing) ? content[Closing.Length..] : content;
        }

        return content;
    }
}
