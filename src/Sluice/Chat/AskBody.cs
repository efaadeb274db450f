using System.Text.Json;

namespace Sluice.Chat;

/// <summary>The body of <c>POST /ask/stream</c>, read and checked.</summary>
internal sealed class AskBody : IDisposable
{
    private readonly JsonDocument _document;

    private AskBody(ReadOnlyMemory<byte> body, JsonDocument document)
    {
        Length = body.Length;
        _document = document;
    }

    /// <summary>The body: one object.</summary>
    public JsonElement Root => _document.RootElement;

    /// <summary>Its length in bytes.</summary>
    public int Length { get; }

    /// <summary>What is asked; null where <c>messages</c> says it, or nothing does.</summary>
    public string? Question { get; private init; }

    /// <summary>Whether the body has <c>messages</c>.</summary>
    public bool HasMessages { get; private init; }

    /// <summary>Reads a body.</summary>
    /// <param name="body">The body. Not to be written to before this is disposed.</param>
    /// <exception cref="ChatRequestException">The body is no chat request (see <see cref="ChatRequest.Parse"/>).</exception>
    public static AskBody Parse(ReadOnlyMemory<byte> body)
    {
        // Parsed as any request first, so that one set of checks holds for both.
        ChatRequest.Parse(body);
        var document = JsonDocument.Parse(body);
        try
        {
            var root = document.RootElement;
            var question = Text(root, "prompt") is { Length: > 0 } prompt ? prompt : Text(root, "question");
            var hasMessages = root.TryGetProperty("messages"u8, out var messages) && messages.ValueKind != JsonValueKind.Null;
            return hasMessages && messages.ValueKind != JsonValueKind.Array
                ? throw new ChatRequestException("`messages` must be an array.") { Param = "messages" }
                : new AskBody(body, document) { Question = string.IsNullOrWhiteSpace(question) ? null : question, HasMessages = hasMessages };
        }
        catch
        {
            document.Dispose();
            throw;
        }
    }

    /// <summary>Whether it says that the question belongs to a conversation.</summary>
    public bool NamesConversation => Root.TryGetProperty("conversation"u8, out var name) && name.ValueKind != JsonValueKind.Null;

    /// <summary>The conversation that the question belongs to; null where the body names none.</summary>
    /// <exception cref="ChatRequestException">What it says of one contradicts itself.</exception>
    public ConversationPlace? Conversation()
    {
        var place = ConversationPlace.Of(Name("conversation"), Name("parent"), Name("regenerate"));
        return place is null ? null
            : HasMessages ? throw new ChatRequestException("A conversation's messages come out of the store. Send `prompt` alone, or `messages` without `conversation`.") { Param = "messages" }
            : place;
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    private string? Name(string name) => Text(Root, name) is { Length: > 0 } text ? text : null;

    private static string? Text(JsonElement root, string name)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            throw new ChatRequestException($"`{name}` must be a string.") { Param = name };
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new ChatRequestException($"`{name}` is not valid Unicode (half of a surrogate pair).") { Param = name };
        }
    }
}
