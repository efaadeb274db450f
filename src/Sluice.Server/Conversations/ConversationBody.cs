using System.Text.Json;
using System.Text.Unicode;
using Sluice.Chat;

namespace Sluice.Server.Conversations;

/// <summary>The body of a request about conversations: one JSON object, whose fields are read and checked.</summary>
internal static class ConversationBody
{
    /// <summary>How long a title may be, in UTF-16 code units.</summary>
    public const int MaxTitle = 200;

    private const int MaxDepth = 64;

    /// <summary>Parses a body. An empty one is an empty object.</summary>
    /// <exception cref="ChatRequestException">It is no JSON object.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        // The parser looks into a string when it is read, and some are stored as they came.
        if (!Utf8.IsValid(body.Span))
        {
            throw new ChatRequestException("The body is not valid JSON: it is not valid UTF-8.") { Code = "invalid_json" };
        }

        try
        {
            var document = JsonDocument.Parse(body.IsEmpty ? "{}"u8.ToArray() : body, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return document;
            }

            document.Dispose();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ChatRequestException($"The body is not valid JSON: {e.Message}") { Code = "invalid_json" };
        }

        throw new ChatRequestException("The body must be one JSON object.") { Code = "invalid_json" };
    }

    /// <summary>The title; null where there is none.</summary>
    /// <exception cref="ChatRequestException">It is too long, or no text.</exception>
    public static string? Title(JsonElement root)
    {
        var title = Text(root, "title");
        return title?.Length > MaxTitle
            ? throw new ChatRequestException($"`title` is longer than {MaxTitle} characters.") { Param = "title" }
            : title is null ? null : StoredText.Beginning(title, MaxTitle);
    }

    /// <summary>A text, as it can be stored; null where there is none.</summary>
    /// <exception cref="ChatRequestException">It is no text.</exception>
    public static string? Text(JsonElement root, string name, string? path = null)
    {
        if (!root.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        try
        {
            return value.ValueKind == JsonValueKind.String ? StoredText.Clean(value.GetString()!) : throw Wrong(path + name, "a string");
        }
        catch (InvalidOperationException)
        {
            throw Wrong(path + name, "valid Unicode");
        }
    }

    /// <summary>What is told of a field that is wrong.</summary>
    public static ChatRequestException Wrong(string path, string what) => new($"`{path}` must be {what}.") { Param = path };
}
