using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Providers.Guide;

/// <summary>Writes one answer in OpenAI's words: its chunks, or its body.</summary>
/// <remarks>One buffer for the whole answer: what a method returns is valid until the next call. One user at a time.
/// Source: https://platform.openai.com/docs/api-reference/chat-streaming</remarks>
internal sealed class GuideChunkWriter : IDisposable
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly Utf8JsonWriter _json;
    private readonly string _id;
    private readonly long _created;
    private readonly string _model;

    /// <param name="id">The answer's id.</param>
    /// <param name="created">When it began, in Unix seconds.</param>
    /// <param name="model">Who says that it answers.</param>
    public GuideChunkWriter(string id, long created, string model = "guide")
    {
        _model = model;
        _json = new Utf8JsonWriter(_buffer, Relaxed);
        _id = id;
        _created = created;
    }

    public ChatChunk Role()
    {
        BeginDelta();
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("content"u8, ""u8);
        return EndDelta(isLast: false);
    }

    public ChatChunk Content(ReadOnlySpan<char> text)
    {
        BeginDelta();
        _json.WriteString("content"u8, text);
        return EndDelta(isLast: false);
    }

    public ChatChunk Finish()
    {
        BeginDelta();
        return EndDelta(isLast: true);
    }

    public ChatChunk Usage(int promptTokens, int completionTokens)
    {
        Begin("chat.completion.chunk"u8);
        _json.WriteStartArray("choices"u8);
        _json.WriteEndArray();
        WriteUsage(promptTokens, completionTokens);
        return Chunk();
    }

    public ChatChunk Completion(string text, int promptTokens, int completionTokens)
    {
        Begin("chat.completion"u8);
        _json.WriteStartArray("choices"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("message"u8);
        _json.WriteString("role"u8, "assistant"u8);
        _json.WriteString("content"u8, text);
        _json.WriteEndObject();
        _json.WriteString("finish_reason"u8, "stop"u8);
        _json.WriteEndObject();
        _json.WriteEndArray();
        WriteUsage(promptTokens, completionTokens);
        End();
        return ChatChunk.Completion(_buffer.WrittenMemory);
    }

    public void Dispose() => _json.Dispose();

    private void Begin(ReadOnlySpan<byte> type)
    {
        // Clear, and not ResetWrittenCount: whoever keeps a chunk for too long finds zeros instead of the next word.
        _buffer.Clear();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("id"u8, _id);
        _json.WriteString("object"u8, type);
        _json.WriteNumber("created"u8, _created);
        _json.WriteString("model"u8, _model);
    }

    private void BeginDelta()
    {
        Begin("chat.completion.chunk"u8);
        _json.WriteStartArray("choices"u8);
        _json.WriteStartObject();
        _json.WriteNumber("index"u8, 0);
        _json.WriteStartObject("delta"u8);
    }

    private ChatChunk EndDelta(bool isLast)
    {
        _json.WriteEndObject();
        if (isLast)
        {
            _json.WriteString("finish_reason"u8, "stop"u8);
        }
        else
        {
            _json.WriteNull("finish_reason"u8);
        }

        _json.WriteEndObject();
        _json.WriteEndArray();
        return Chunk();
    }

    private void WriteUsage(int promptTokens, int completionTokens)
    {
        _json.WriteStartObject("usage"u8);
        _json.WriteNumber("prompt_tokens"u8, promptTokens);
        _json.WriteNumber("completion_tokens"u8, completionTokens);
        _json.WriteNumber("total_tokens"u8, promptTokens + completionTokens);
        _json.WriteEndObject();
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
    }

    private ChatChunk Chunk()
    {
        End();
        return ChatChunk.TryParse(_buffer.WrittenMemory, out var chunk)
            ? chunk
            : throw new ChatProviderException(ChatErrorKind.Internal, "The guide wrote a chunk that is not JSON.");
    }
}
