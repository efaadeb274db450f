using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Reads in a request whether its answer can be carried on, and writes the request that asks for it.</summary>
internal static class RescueRequest
{
    private const string GoOn = "Your answer was cut off. Go on exactly where it stops: repeat nothing, explain nothing.";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Whether the request asks for one plain text and nothing beside it.</summary>
    /// <remarks>Never throws for a body that was checked once.</remarks>
    public static bool AllowsRescue(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCount = JsonName.Is(in reader, "n"u8);
            var isFormat = JsonName.Is(in reader, "response_format"u8);
            var isExtra = JsonName.Is(in reader, "logprobs"u8) || JsonName.Is(in reader, "modalities"u8) || JsonName.Is(in reader, "audio"u8);
            reader.Read();
            if (reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False)
                && (isExtra || (isCount && !IsOne(ref reader)) || (isFormat && !IsText(ref reader))))
            {
                return false;
            }

            reader.Skip();
        }

        return true;
    }

    /// <summary>The request that asks a target to go on with a text.</summary>
    /// <param name="request">The question.</param>
    /// <param name="style">How the target is told to continue the text; none: it is asked to go on in a further turn.</param>
    /// <param name="shown">What was shown.</param>
    /// <param name="sent">How many bytes of the text the target is sent: up to the last whole character.</param>
    /// <returns>Null where it cannot be asked that way: the text is no Unicode, or the question ends with a text of the assistant's already.</returns>
    public static ChatRequest? Continuing(ChatRequest request, PrefixStyle style, AnswerSoFar shown, out int sent)
    {
        var text = EscapedText.WholeCharacters(shown.Text.Span, out var isSound);
        sent = text.Length;
        using var document = JsonDocument.Parse(request.Body);
        if (!isSound || sent == 0 || !document.RootElement.TryGetProperty("messages"u8, out var messages) || messages.ValueKind != JsonValueKind.Array
            || messages.GetArrayLength() == 0 || IsAssistant(messages[messages.GetArrayLength() - 1]))
        {
            return null;
        }

        var body = new ArrayBufferWriter<byte>(request.Body.Length + sent + 128);
        using (var json = new Utf8JsonWriter(body, Relaxed))
        {
            json.WriteStartObject();
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (style == PrefixStyle.Vllm && field.Name is "continue_final_message" or "add_generation_prompt")
                {
                    continue;
                }

                json.WritePropertyName(field.Name);
                if (field.NameEquals("messages"u8))
                {
                    WriteMessages(json, messages, text, style);
                }
                else if (field.Name is "max_tokens" or "max_completion_tokens" && field.Value.TryGetInt64OrNull() is { } max)
                {
                    // What has been shown was paid for out of the same bound.
                    json.WriteNumberValue(Math.Max(1, max - shown.Pieces));
                }
                else
                {
                    json.WriteRawValue(JsonMarshal.GetRawUtf8Value(field.Value), skipInputValidation: true);
                }
            }

            if (style == PrefixStyle.Vllm)
            {
                json.WriteBoolean("continue_final_message"u8, true);
                json.WriteBoolean("add_generation_prompt"u8, false);
            }

            json.WriteEndObject();
        }

        return request.WithBody(body.WrittenMemory);
    }

    private static void WriteMessages(Utf8JsonWriter json, JsonElement messages, ReadOnlySpan<byte> text, PrefixStyle style)
    {
        json.WriteStartArray();
        foreach (var message in messages.EnumerateArray())
        {
            json.WriteRawValue(JsonMarshal.GetRawUtf8Value(message), skipInputValidation: true);
        }

        json.WriteStartObject();
        json.WriteString("role"u8, "assistant"u8);
        json.WritePropertyName("content"u8);
        json.WriteRawValue([.. "\""u8, .. text, .. "\""u8], skipInputValidation: true);
        if (style is PrefixStyle.DeepSeek or PrefixStyle.Mistral)
        {
            json.WriteBoolean("prefix"u8, true);
        }

        json.WriteEndObject();
        if (style == PrefixStyle.None)
        {
            json.WriteStartObject();
            json.WriteString("role"u8, "user"u8);
            json.WriteString("content"u8, GoOn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static bool IsOne(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count == 1;

    private static bool IsText(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        var isText = false;
        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth == depth + 1 && reader.TokenType == JsonTokenType.PropertyName && JsonName.Is(in reader, "type"u8))
            {
                reader.Read();
                isText = reader.TokenType == JsonTokenType.String && JsonName.Is(in reader, "text"u8);
            }
        }

        return isText;
    }

    private static bool IsAssistant(JsonElement message) => message.ValueKind == JsonValueKind.Object && message.TryGetProperty("role"u8, out var role)
        && role.ValueKind == JsonValueKind.String && role.ValueEquals("assistant"u8);

    private static long? TryGetInt64OrNull(this JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) ? number : null;
}
