using System.Text.Json;
using System.Text.Unicode;

namespace Sluice.Chat;

/// <summary>One piece of an answer: the upstream's own JSON, untouched, and what is in it.</summary>
/// <remarks>Ownership: <see cref="Json"/> belongs to the provider and is valid until the next <c>MoveNextAsync</c>; whoever keeps it copies it.</remarks>
public readonly struct ChatChunk
{
    // Where the two fields stand that nearly every chunk has one of: what shows them need not walk over the bytes again.
    private readonly Range _content;
    private readonly Range _reasoning;

    private ChatChunk(ReadOnlyMemory<byte> json, ChatChunkKind kind, Range content = default, Range reasoning = default)
    {
        Json = json;
        Kind = kind;
        _content = content;
        _reasoning = reasoning;
    }

    /// <summary>Exactly the bytes that the upstream sent as event data: one JSON object in UTF-8. Empty for heartbeats and for the end.</summary>
    public ReadOnlyMemory<byte> Json { get; }

    /// <summary>What the chunk carries.</summary>
    public ChatChunkKind Kind { get; }

    /// <summary><see cref="ChatChunkView.Content"/>, without a walk.</summary>
    internal ReadOnlySpan<byte> Content => Json.Span[_content];

    /// <summary><see cref="ChatChunkView.Reasoning"/>, without a walk.</summary>
    internal ReadOnlySpan<byte> Reasoning => Json.Span[_reasoning];

    /// <summary>How many bytes of text the chunk carries. Where an upstream sends the reasoning in the text, too, it counts once.</summary>
    internal int TextBytes => Math.Max(Length(_content), Length(_reasoning));

    /// <summary>Whether the chunk shows a person something, or ends what is shown: the point from which an answer is under way.</summary>
    public bool IsMeaningful => (Kind & (ChatChunkKind.Content | ChatChunkKind.Reasoning | ChatChunkKind.Tool | ChatChunkKind.Finish)) != ChatChunkKind.Preamble;

    /// <summary>Whether the chunk is the first thing worth measuring a time to first token by.</summary>
    public bool IsToken => (Kind & (ChatChunkKind.Content | ChatChunkKind.Reasoning | ChatChunkKind.Tool)) != ChatChunkKind.Preamble;

    /// <summary>The answer is whole.</summary>
    public static ChatChunk Done => new(default, ChatChunkKind.Done);

    /// <summary>What has been shown is void.</summary>
    internal static ChatChunk Reset => new(default, ChatChunkKind.Reset);

    /// <summary>The upstream is alive.</summary>
    public static ChatChunk Heartbeat => new(default, ChatChunkKind.Heartbeat);

    /// <summary>Whether the chunk is no part of the answer, but says what is being done to get one. Viewers may be told; nobody has to be.</summary>
    public bool IsStatus => (Kind & (ChatChunkKind.Attempt | ChatChunkKind.Retrying | ChatChunkKind.FailingOver | ChatChunkKind.Degraded)) != ChatChunkKind.Preamble;

    /// <summary>The fields of <see cref="Json"/>, read on demand. Costs one walk over the bytes and allocates nothing.</summary>
    public ChatChunkView View => ChatChunkView.Parse(Json.Span);

    /// <summary>The body of an answer that was not streamed.</summary>
    /// <param name="body">The body, as the upstream sent it.</param>
    public static ChatChunk Completion(ReadOnlyMemory<byte> body) => new(body, ChatChunkKind.Completion);

    /// <summary>What is being done to get an answer.</summary>
    /// <param name="kind">One or several of Attempt, Retrying, FailingOver, Degraded.</param>
    public static ChatChunk Status(ChatChunkKind kind) => new(default, kind);

    /// <summary>Takes the data of one event as a chunk.</summary>
    /// <param name="json">The event's data.</param>
    /// <param name="chunk">The chunk, over the same bytes.</param>
    /// <returns>False where the data is not one whole JSON object in valid UTF-8 (at most 64 levels deep).</returns>
    public static bool TryParse(ReadOnlyMemory<byte> json, out ChatChunk chunk) => TryParse(json, out chunk, out _);

    /// <summary>A chunk that carries one piece of text, whose place is known.</summary>
    /// <param name="json">One whole JSON object.</param>
    /// <param name="kind"><see cref="ChatChunkKind.Content"/> or <see cref="ChatChunkKind.Reasoning"/>.</param>
    /// <param name="text">Where the text's bytes stand.</param>
    internal static ChatChunk Of(ReadOnlyMemory<byte> json, ChatChunkKind kind, Range text) =>
        kind == ChatChunkKind.Content ? new(json, kind, content: text) : new(json, kind, reasoning: text);

    /// <summary>The same chunk over a copy of its bytes.</summary>
    internal ChatChunk Over(ReadOnlyMemory<byte> copy) => new(copy, Kind, _content, _reasoning);

    internal static bool TryParse(ReadOnlyMemory<byte> json, out ChatChunk chunk, out ChatChunkView view)
    {
        chunk = default;
        view = default;
        if (!Utf8.IsValid(json.Span))
        {
            return false;
        }

        try
        {
            view = ChatChunkView.Parse(json.Span);
        }
        catch (JsonException)
        {
            return false;
        }

        chunk = new ChatChunk(json, view.Kind, Place(json.Span, view.Content), Place(json.Span, view.Reasoning));
        return true;
    }

    private static int Length(Range part) => part.End.Value - part.Start.Value;

    private static Range Place(ReadOnlySpan<byte> json, ReadOnlySpan<byte> part) =>
        json.Overlaps(part, out var start) ? start..(start + part.Length) : default;
}
