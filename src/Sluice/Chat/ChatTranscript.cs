namespace Sluice.Chat;

/// <summary>What an answer has come to so far: the text of all deltas, the last finish reason and usage.</summary>
/// <remarks>Text is kept as the JSON string body that the deltas had (escaped, unquoted UTF-8): joining pieces costs one copy and can never split a
/// character. One writer; read it only from there.</remarks>
public sealed class ChatTranscript
{
    private const int FirstBytes = 64;

    // Each token touches this: one object and one array, and nothing between them.
    private byte[] _text = [];
    private int _length;
    private MergedReasoning _merged;
    private byte[]? _finishReason;
    private byte[]? _usage;
    private byte[]? _model;

    /// <summary>The answer's text, JSON-escaped, without the quotes.</summary>
    public ReadOnlySpan<byte> Text => _text.AsSpan(0, _length);

    /// <summary>The finish reason, JSON-escaped, without the quotes; empty while there is none.</summary>
    public ReadOnlySpan<byte> FinishReason => _finishReason;

    /// <summary>The usage object, as JSON; empty while there is none.</summary>
    public ReadOnlySpan<byte> Usage => _usage;

    /// <summary>The model that said it answers, JSON-escaped, without the quotes; empty while unknown.</summary>
    public ReadOnlySpan<byte> Model => _model;

    /// <summary>All that was said is void: another answer begins.</summary>
    public void Clear()
    {
        _length = 0;
        _merged.Clear();
        _finishReason = _usage = _model = null;
    }

    /// <summary>Adds what a chunk carries.</summary>
    /// <param name="chunk">The chunk. Nothing of it is kept.</param>
    /// <returns>The text that the chunk adds to the answer, over the chunk's own bytes; empty where it adds none.</returns>
    internal ReadOnlySpan<byte> Add(ChatChunk chunk) =>
        // A chunk of text and nothing else, once the model is known: nearly all of them.
        _model is not null && (chunk.Kind & ~(ChatChunkKind.Content | ChatChunkKind.Reasoning)) == ChatChunkKind.Preamble
            ? AddText(chunk.Reasoning, chunk.Content)
            : Add(chunk.View);

    /// <summary>Adds what a chunk carries.</summary>
    /// <param name="view">The chunk's fields. Nothing of it is kept.</param>
    /// <returns>The text that the chunk adds to the answer, over the chunk's own bytes; empty where it adds none.</returns>
    public ReadOnlySpan<byte> Add(ChatChunkView view)
    {
        if (!view.FinishReason.IsEmpty)
        {
            _finishReason = view.FinishReason.ToArray();
        }

        if (!view.Usage.IsEmpty)
        {
            _usage = view.Usage.ToArray();
        }

        if (_model is null && !view.Model.IsEmpty)
        {
            _model = view.Model.ToArray();
        }

        return AddText(view.Reasoning, view.Content);
    }

    private ReadOnlySpan<byte> AddText(ReadOnlySpan<byte> reasoning, ReadOnlySpan<byte> content)
    {
        content = _merged.Without(reasoning, content);
        if (content.Length > _text.Length - _length)
        {
            Array.Resize(ref _text, Math.Max(FirstBytes, Math.Max(_length + content.Length, (int)Math.Min(2L * _length, Array.MaxLength))));
        }

        content.CopyTo(_text.AsSpan(_length));
        _length += content.Length;
        return content;
    }
}
