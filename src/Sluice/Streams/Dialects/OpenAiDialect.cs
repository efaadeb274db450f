using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Streams.Dialects;

/// <summary>OpenAI's chunks: what the upstream said, byte for byte, and <c>[DONE]</c>.</summary>
/// <param name="id">The stream's name.</param>
/// <param name="model">The model as asked for.</param>
/// <param name="includeUsage">Whether the client asked for token counts; if not, the chunk that carries nothing else is left out.</param>
internal sealed class OpenAiDialect(StreamId id, string model, bool includeUsage) : StreamDialect
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const ChatChunkKind OnlyUsage = ChatChunkKind.Usage | ChatChunkKind.NoChoices;

    // The official .NET SDK takes an error frame that is followed by a clean end for success.
    public override bool FailsUnclean => true;

    public override string Model => model;

    public override bool KnowsReset => false;

    public override bool Begin(StreamLog log, ChatRequest request) => false;

    public override void Add(StreamLog log, ChatChunk chunk)
    {
        if (includeUsage || chunk.Kind != OnlyUsage)
        {
            log.Append(chunk.Json.Span);
        }
    }

    public override void End(StreamLog log) => log.Append("[DONE]"u8);

    public override void Fail(StreamLog log, ChatProviderException error) => log.Append(ChatErrorJson.Write(error));

    public override void Cancel(StreamLog log) =>
        log.Append("""{"error":{"message":"The answer was cancelled.","type":"cancelled","code":"cancelled","param":null}}"""u8);

    public override void Read(ReadOnlyMemory<byte> data, StreamSnapshot snapshot)
    {
        if (!ChatChunk.TryParse(data, out var chunk, out var view))
        {
            // The only event of this dialect that is no JSON: [DONE].
            snapshot.End();
            return;
        }

        if (chunk.Kind.HasFlag(ChatChunkKind.Error))
        {
            snapshot.End();
            return;
        }

        snapshot.Add(view.Reasoning, view.Content);
        snapshot.ToolCalls.Add(view.ToolCalls);
        snapshot.SetUsage(view.Usage);
    }

    public override void WriteSnapshot(IBufferWriter<byte> output, StreamSnapshot snapshot, bool isReset)
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("id"u8, id.Value);
            json.WriteString("object"u8, "chat.completion.chunk"u8);
            json.WriteNumber("created"u8, 0);
            json.WriteString("model"u8, model);
            json.WriteStartArray("choices"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, 0);
            json.WriteStartObject("delta"u8);
            json.WriteString("role"u8, "assistant"u8);
            StreamSnapshotJson.WriteText(json, "content"u8, snapshot.Text);
            if (!snapshot.Reasoning.IsEmpty)
            {
                StreamSnapshotJson.WriteText(json, "reasoning_content"u8, snapshot.Reasoning);
            }

            if (snapshot.ToolCalls.Any)
            {
                json.WritePropertyName("tool_calls"u8);
                snapshot.ToolCalls.WriteTo(json);
            }

            json.WriteEndObject();
            json.WriteNull("finish_reason"u8);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        SseWriter.WriteEvent(output, id.Utf8, snapshot.Sequence, text.WrittenSpan);
    }
}
