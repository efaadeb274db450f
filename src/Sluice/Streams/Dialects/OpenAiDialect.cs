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

        if (snapshot.First.IsEmpty && !view.Content.IsEmpty)
        {
            snapshot.First = data.ToArray();
        }

        snapshot.Add(view.Reasoning, view.Content);
        snapshot.AddToolCalls(view.ToolCalls);
        snapshot.SetUsage(view.Usage);
        snapshot.SetFinishReason(view.FinishReason);

        // Bit 0 is the choice that a view shows.
        snapshot.IsPartial |= (view.Choices & ~1UL) != 0;
    }

    /// <inheritdoc/>
    /// <remarks>Clients of this dialect join deltas, so one that comes back gets what it has not got yet, as one delta. What cannot be cut there (several
    /// choices, a tool call that the client has half of) has no such chunk.</remarks>
    public override bool WriteSnapshot(IBufferWriter<byte> output, StreamSnapshot snapshot, long after, bool isReset)
    {
        var hasNoTools = snapshot.LastToolAt <= after;
        if (snapshot.IsPartial || !(hasNoTools || snapshot.FirstToolAt > after))
        {
            return false;
        }

        var chunk = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(chunk, Relaxed))
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
            if (after == 0)
            {
                json.WriteString("role"u8, "assistant"u8);
            }

            StreamSnapshotJson.WriteText(json, "content"u8, snapshot.TextAfter(after));
            if (snapshot.ReasoningAfter(after) is { IsEmpty: false } reasoning)
            {
                StreamSnapshotJson.WriteText(json, "reasoning_content"u8, reasoning);
            }

            if (!hasNoTools)
            {
                json.WritePropertyName("tool_calls"u8);
                snapshot.ToolCalls.WriteTo(json);
            }

            json.WriteEndObject();
            if (snapshot.FinishedAt > after)
            {
                StreamSnapshotJson.WriteText(json, "finish_reason"u8, snapshot.FinishReason);
            }
            else
            {
                json.WriteNull("finish_reason"u8);
            }

            json.WriteEndObject();
            json.WriteEndArray();
            if (snapshot.UsageAt > after && includeUsage)
            {
                json.WritePropertyName("usage"u8);
                json.WriteRawValue(snapshot.Usage, skipInputValidation: true);
            }

            json.WriteEndObject();
        }

        SseWriter.WriteEvent(output, id.Utf8, snapshot.StandsFor, chunk.WrittenSpan);
        return true;
    }
}
