using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Server.Conversations;

/// <summary>Conversations and messages as JSON: docs/http-api.md.</summary>
internal static class ConversationJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes an object.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> fields)
    {
        var output = new MemoryStream();
        using (var json = new Utf8JsonWriter(output, Relaxed))
        {
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        }

        return output.ToArray();
    }

    /// <summary>Writes the fields of a conversation.</summary>
    public static void Fields(Utf8JsonWriter json, Conversation conversation)
    {
        json.WriteString("id"u8, conversation.Id);
        json.WriteString("object"u8, "conversation"u8);
        json.WriteString("title"u8, conversation.Title);
        json.WriteString("head"u8, conversation.Head);
        json.WriteNumber("created_at"u8, conversation.Created / 1000);
        json.WriteNumber("updated_at"u8, conversation.Updated / 1000);
        json.WriteBoolean("running"u8, conversation.IsRunning);
    }

    /// <summary>Writes the fields of a conversation, and its messages.</summary>
    public static void Fields(Utf8JsonWriter json, Conversation conversation, IReadOnlyList<Message> messages)
    {
        Fields(json, conversation);
        json.WriteStartArray("messages"u8);
        foreach (var message in messages)
        {
            json.WriteStartObject();
            Fields(json, message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Fields(Utf8JsonWriter json, Message message)
    {
        json.WriteString("id"u8, message.Id);
        json.WriteString("parent"u8, message.Parent);
        json.WriteString("role"u8, message.Role);
        json.WriteString("content"u8, message.Content);
        json.WriteString("state"u8, message.State);
        if (message.Role == Message.Assistant)
        {
            Answer(json, message);
        }

        json.WriteNumber("created_at"u8, message.Created / 1000);
    }

    private static void Answer(Utf8JsonWriter json, Message message)
    {
        json.WriteString("reasoning"u8, message.Reasoning);
        json.WriteBoolean("partial"u8, message.IsPartial);
        json.WriteString("model"u8, message.Model);
        json.WriteString("stream_id"u8, message.Stream);
        json.WriteString("finish_reason"u8, message.FinishReason);
        if (message.ErrorCode is null)
        {
            json.WriteNull("error"u8);
        }
        else
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, message.ErrorCode);
            json.WriteString("message"u8, message.ErrorMessage);
            json.WriteEndObject();
        }

        Raw(json, "usage"u8, message.Usage);
        Number(json, "ttft_ms"u8, message.TimeToFirstToken);
        Number(json, "duration_ms"u8, message.Duration);
        Number(json, "attempts"u8, message.Attempts);
        Raw(json, "tool_calls"u8, message.ToolCalls);
    }

    private static void Raw(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value ?? "null");
    }

    private static void Number(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, Math.Round(number, 3));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
