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
    public static ChatRequest Build(string question, string? model) => Build(model, json => WriteQuestion(json, question));

    /// <summary>Turns the body of <c>POST /ask/stream</c> into a chat request: <c>messages</c>, with <c>prompt</c> (or <c>question</c>) as the
    /// last user message; all other fields go upstream as they are.</summary>
    /// <param name="body">The body. Not kept.</param>
    /// <exception cref="ChatRequestException">The body is no chat request (see <see cref="ChatRequest.Parse"/>), or asks nothing.</exception>
    public static ChatRequest FromAsk(ReadOnlyMemory<byte> body)
    {
        using var ask = AskBody.Parse(body);
        return FromAsk(ask, turn: null);
    }

    /// <summary>The same out of a body that has been read.</summary>
    /// <param name="ask">The body.</param>
    /// <param name="turn">The turn of a conversation that it is; its messages go upstream then, and what names it does not. Null for none.</param>
    /// <exception cref="ChatRequestException">It asks nothing.</exception>
    internal static ChatRequest FromAsk(AskBody ask, IConversationTurn? turn)
    {
        var messages = ask.HasMessages ? ask.Root.GetProperty("messages"u8) : default;
        if (turn is null && ask.Question is null && (!ask.HasMessages || messages.GetArrayLength() == 0))
        {
            throw new ChatRequestException("Nothing is asked. Send `prompt` (or `question`) with text, or `messages`.") { Param = "prompt" };
        }

        var output = new ArrayBufferWriter<byte>(ask.Length + 64);
        using (var json = new Utf8JsonWriter(output, Relaxed))
        {
            json.WriteStartObject();
            json.WriteBoolean("stream"u8, true);
            json.WriteStartArray("messages"u8);
            foreach (var message in ask.HasMessages ? messages.EnumerateArray() : default)
            {
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(message), skipInputValidation: true);
            }

            WriteTurn(json, turn);
            if (turn is null && ask.Question is not null)
            {
                WriteQuestion(json, ask.Question);
            }

            json.WriteEndArray();
            foreach (var field in ask.Root.EnumerateObject())
            {
                if (field.Name is "prompt" or "question" or "messages" or "stream" or "n"
                    || (turn is not null && field.Name is "conversation" or "parent" or "regenerate"))
                {
                    continue;
                }

                json.WritePropertyName(field.Name);
                json.WriteRawValue(JsonMarshal.GetRawUtf8Value(field.Value), skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        return ChatRequest.Parse(Fitting(output));
    }

    /// <summary>A streamed request of a conversation's turn.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="model">The model, or null for the default one.</param>
    internal static ChatRequest FromTurn(IConversationTurn turn, string? model) => Build(model, json => WriteTurn(json, turn));

    private static ChatRequest Build(string? model, Action<Utf8JsonWriter> writeMessages)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body, Relaxed))
        {
            json.WriteStartObject();
            WriteModel(json, model);
            json.WriteStartArray("messages"u8);
            writeMessages(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return ChatRequest.Parse(Fitting(body));
    }

    // A question is kept as long as its answer: not in a buffer of twice its size.
    private static ReadOnlyMemory<byte> Fitting(ArrayBufferWriter<byte> body) =>
        body.FreeCapacity <= body.WrittenCount / 8 ? body.WrittenMemory : body.WrittenSpan.ToArray();

    private static void WriteTurn(Utf8JsonWriter json, IConversationTurn? turn)
    {
        foreach (var message in turn?.TakeMessages() ?? [])
        {
            json.WriteStartObject();
            json.WriteString("role"u8, message.Role);
            json.WriteString("content"u8, message.Content);
            json.WriteEndObject();
        }
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
}
