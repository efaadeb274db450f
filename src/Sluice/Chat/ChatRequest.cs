using System.Buffers;

namespace Sluice.Chat;

/// <summary>One question: the client's own JSON body, untouched, and the few fields that are acted upon.</summary>
/// <remarks>The body is kept as bytes so that fields which Sluice does not know survive. It is immutable and may be shared between threads.</remarks>
public sealed class ChatRequest
{
    private readonly ChatRequestFields _fields;

    internal ChatRequest(ReadOnlyMemory<byte> body, ChatRequestFields fields)
    {
        Body = body;
        _fields = fields;
        Model = fields.Model;
        Stream = fields.Stream;
    }

    private ChatRequest(ChatRequest other)
    {
        Body = other.Body;
        _fields = other._fields;
        Model = other.Model;
        Stream = other.Stream;
        TraceId = other.TraceId;
        Caller = other.Caller;
        Shown = other.Shown;
        Grant = other.Grant;
        Origin = other.Origin;
        Turn = other.Turn;
    }

    /// <summary>The body as the client sent it: one JSON object in UTF-8.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The model to ask for. Null asks for the default model.</summary>
    public string? Model { get; private init; }

    /// <summary>Whether the answer is wanted as a stream.</summary>
    public bool Stream { get; private init; }

    /// <summary>Whether the client itself asked for token counts (<c>stream_options.include_usage</c>).</summary>
    public bool IncludeUsage => _fields.IncludeUsage;

    /// <summary>An identifier that the client wants to find again in the upstream's own logs, or null.</summary>
    public string? TraceId { get; init; }

    /// <summary>Who asks.</summary>
    /// <value>Default <see cref="Caller.Anonymous"/>.</value>
    public Caller Caller { get; private init; } = Caller.Anonymous;

    /// <summary>What names it in logs and traces.</summary>
    internal ChatOrigin Origin { get; private init; } = ChatOrigin.None;

    /// <summary>The bytes of text in what a model is given to read: messages and tools, without images and the like.</summary>
    internal long TextBytes => _fields.TextBytes;

    /// <summary>How many tokens the answer may have at most, all choices together; null where the request sets no bound.</summary>
    internal long? MaxAnswerTokens => _fields.MaxAnswerTokens;

    /// <summary>What has been granted to the question; null where nobody had to be asked. Belongs to whoever runs the generation.</summary>
    internal IGrant? Grant { get; private init; }

    /// <summary>Who shows the answer while it comes; null where nobody does who could say what has been shown.</summary>
    internal IShownAnswer? Shown { get; private init; }

    /// <summary>The turn of a conversation that it is; null where it belongs to none.</summary>
    internal IConversationTurn? Turn { get; private init; }

    /// <summary>Reads and checks a body.</summary>
    /// <param name="body">The body. Kept, not copied: the caller gives it away.</param>
    /// <exception cref="ChatRequestException">It is not one JSON object in valid UTF-8, a name stands twice in one object, it is nested
    /// deeper than 64 levels, or it holds a field that would redirect the call.</exception>
    public static ChatRequest Parse(ReadOnlyMemory<byte> body) => new(body, ChatRequestFields.Read(body));

    /// <summary>A streamed request of one user message.</summary>
    /// <param name="question">The message.</param>
    /// <param name="model">The model, or null for the default one.</param>
    public static ChatRequest FromQuestion(string question, string? model = null) =>
        ChatRequestBuilder.Build(question, model);

    /// <summary>The same request for another model: what a route does.</summary>
    public ChatRequest For(string model) => new(this) { Model = model };

    /// <summary>The same request with an identifier for the upstream's logs.</summary>
    public ChatRequest WithTraceId(string? traceId) => new(this) { TraceId = traceId };

    /// <summary>The same request, asked by someone.</summary>
    public ChatRequest By(Caller caller) => new(this) { Caller = caller };

    /// <summary>The same request, under a name.</summary>
    internal ChatRequest From(ChatOrigin origin) => new(this) { Origin = origin };

    /// <summary>The same request, of someone who knows what has been shown of the answer.</summary>
    internal ChatRequest ShownBy(IShownAnswer shown) => new(this) { Shown = shown };

    /// <summary>The same request, granted.</summary>
    internal ChatRequest GrantedBy(IGrant grant) => new(this) { Grant = grant };

    /// <summary>The same request as a turn of a conversation.</summary>
    internal ChatRequest Of(IConversationTurn? turn) => new(this) { Turn = turn };

    /// <summary>The same request with another body.</summary>
    /// <exception cref="ChatRequestException">See <see cref="Parse"/>.</exception>
    internal ChatRequest WithBody(ReadOnlyMemory<byte> body) => new(body, ChatRequestFields.Read(body)) { Model = Model, Stream = Stream, TraceId = TraceId, Caller = Caller, Shown = Shown, Grant = Grant, Origin = Origin, Turn = Turn };

    /// <summary>The text of the last user message, for showing what was asked. Walks the body; empty where there is none.</summary>
    public string Question() => ChatRequestFields.LastUserText(Body.Span);

    /// <summary>Writes the body for an upstream: every field as the client sent it, with the model (and the wish for usage) set.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="askForUsage">Sets <c>stream_options.include_usage</c>, on streams only.</param>
    public void WriteBody(IBufferWriter<byte> output, bool askForUsage) =>
        _fields.WriteBody(Body.Span, output, Model, askForUsage && Stream);
}
