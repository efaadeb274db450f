using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Chat;

/// <summary>Builds request bodies for callers that have a question instead of a body.</summary>
public static class ChatRequestBuilder
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A streamed request of one user message.</summary>
    /// <param name="question">The message.</param>
    /// <param name="model">The model, or null for the default one.</param>
    public static ChatRequest Build(string question, string? model)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Relaxed))
        {
            json.WriteStartObject();
            WriteModel(json, model);
            json.WriteStartArray("messages"u8);
            WriteQuestion(json, question);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return ChatRequest.Parse(body.WrittenMemory);
    }

    /// <summary>Turns the body of <c>POST /ask/stream</c> into a chat request: <c>messages</c>, with <c>prompt</c> (or <c>question</c>) as the
    /// last user message; all other fields go upstream as they are.</summary>
    /// <param name="body">The body. Not kept.</param>
    /// <exception cref="ChatRequestException">The body is no chat request (see <see cref="ChatRequest.Parse"/>), or asks nothing.</exception>
    public static ChatRequest FromAsk(ReadOnlyMemory<byte> body)
    {
        // Parsed as any request first, so that one set of checks holds for both.
        ChatRequest.Parse(body);
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var question = Text(root, "prompt") is { Length: > 0 } prompt ? prompt : Text(root, "question");
        var hasMessages = root.TryGetProperty("messages"u8, out var messages) && messages.ValueKind != JsonValueKind.Null;
        if (hasMessages && messages.ValueKind != JsonValueKind.Array)
        {
            throw new ChatRequestException("`messages` must be an array.") { Param = "messages" };
        }

        if (string.IsNullOrWhiteSpace(question) && (!hasMessages || messages.GetArrayLength() == 0))
        {
            throw new ChatRequestException("Nothing is asked. Send `prompt` (or `question`) with text, or `messages`.") { Param = "prompt" };
        }

        var output = new ArrayBufferWriter<byte>(body.Length + 64);
        using (var json = new Utf8JsonWriter(output, Relaxed))
        {
            json.WriteStartObject();
            json.WriteBoolean("stream"u8, true);
            json.WriteStartArray("messages"u8);
            foreach (var message in hasMessages ? messages.EnumerateArray() : default)
            {
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(message), skipInputValidation: true);
            }

            if (!string.IsNullOrWhiteSpace(question))
            {
                WriteQuestion(json, question);
            }

            json.WriteEndArray();
            foreach (var field in root.EnumerateObject())
            {
                if (field.Name is "prompt" or "question" or "messages" or "stream" or "n")
                {
                    continue;
                }

                json.WritePropertyName(field.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(field.Value), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return ChatRequest.Parse(output.WrittenMemory);
    }

    private static void WriteModel(Utf8JsonWriter json, string? model)
    {
        if (!string.IsNullOrEmpty(model))
        {
            json.WriteString("model"u8, model);
        }

        json.WriteBoolean("stream"u8, true);
    }

    private static void WriteQuestion(Utf8JsonWriter json, string question)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "user"u8);
        json.WriteString("content"u8, question);
        json.WriteEndObject();
    }

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
