using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Streams.Dialects;

/// <summary>Sluice's own events: start, reasoning, delta, tool, and one of end, error, cancelled. Each is one JSON object with a <c>type</c>.</summary>
/// <param name="id">The stream's name, for <c>start</c>.</param>
/// <param name="model">The model as asked for.</param>
internal sealed class NativeDialect(StreamId id, string model) : StreamDialect
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private const int MaxKeptScratchBytes = 64 * 1024;

    // Nearly every token. The stack is in the processor's caches, whichever stream it served last.
    private const int MaxOnStack = 512;

    // Larger events are put together here and copied into the log; nothing awaits in between, so streams on one thread can share it.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _scratch;

    // What is left when the terminal event has told the answer.
    private static readonly ChatTranscript Nothing = new();

    private ChatTranscript _transcript = new();

    public override bool FailsUnclean => false;

    public override string Model => model;

    public override bool KnowsReset => true;

    public override bool Begin(StreamLog log, ChatRequest request)
    {
        Append(log, "start"u8, json =>
        {
            json.WriteString("stream_id"u8, id.Value);
            json.WriteString("model"u8, model);
            json.WriteString("question"u8, request.Question());
        });
        return true;
    }

    public override void Add(StreamLog log, ChatChunk chunk)
    {
        if (chunk.Kind == ChatChunkKind.Reset)
        {
            _transcript.Clear();
            log.Append("{\"type\":\"reset\",\"reason\":\"answer_lost\"}"u8);
            return;
        }

        var content = _transcript.Add(chunk);
        AppendText(log, "{\"type\":\"reasoning\",\"content\":\""u8, chunk.Reasoning, "\"}"u8);
        AppendText(log, "{\"type\":\"delta\",\"content\":\""u8, content, "\"}"u8);
        if (chunk.Kind.HasFlag(ChatChunkKind.Tool))
        {
            AppendText(log, "{\"type\":\"tool\",\"tool_calls\":"u8, chunk.View.ToolCalls, "}"u8);
        }
    }

    public override void End(StreamLog log) => AppendLast(log, "end"u8, json =>
    {
        WriteAnswer(json);
        if (_transcript.FinishReason.IsEmpty)
        {
            json.WriteNull("finish_reason"u8);
        }
        else
        {
            StreamSnapshotJson.WriteText(json, "finish_reason"u8, _transcript.FinishReason);
        }

        json.WritePropertyName("usage"u8);
        json.WriteRawValue(_transcript.Usage.IsEmpty ? "null"u8 : _transcript.Usage, skipInputValidation: true);
        if (_transcript.Model.IsEmpty)
        {
            json.WriteString("model"u8, model);
        }
        else
        {
            StreamSnapshotJson.WriteText(json, "model"u8, _transcript.Model);
        }

        if (TimeToFirstToken is { } ttft)
        {
            json.WriteNumber("ttft_ms"u8, Math.Round(ttft.TotalMilliseconds, 3));
        }
        else
        {
            json.WriteNull("ttft_ms"u8);
        }

        json.WriteNumber("attempts"u8, Attempts);
    });

    public override void Fail(StreamLog log, ChatProviderException error) => AppendLast(log, "error"u8, json =>
    {
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteBoolean("retryable"u8, error.IsRetryable);
        WriteAnswer(json);
    });

    public override void Cancel(StreamLog log) => AppendLast(log, "cancelled"u8, WriteAnswer);

    public override void Read(ReadOnlyMemory<byte> data, StreamSnapshot snapshot)
    {
        using var document = JsonDocument.Parse(data);
        var root = document.RootElement;
        switch (root.GetProperty("type"u8).GetString())
        {
            case "delta":
                snapshot.Add(default, Escaped(root, "content"u8));
                break;
            case "reasoning":
                snapshot.Add(Escaped(root, "content"u8), default);
                break;
            case "tool":
                snapshot.AddToolCalls(JsonMarshal.GetRawUtf8Value(root.GetProperty("tool_calls"u8)));
                break;
            case "reset":
                snapshot.Clear();
                break;
            case "end":
                var usage = root.GetProperty("usage"u8);
                snapshot.SetUsage(usage.ValueKind == JsonValueKind.Object ? JsonMarshal.GetRawUtf8Value(usage) : default);
                snapshot.SetFinishReason(root.GetProperty("finish_reason"u8).ValueKind == JsonValueKind.String ? Escaped(root, "finish_reason"u8) : default);
                snapshot.SetModel(Escaped(root, "model"u8));
                snapshot.End();
                break;
            case "error" or "cancelled":
                snapshot.End();
                break;
        }
    }

    // The log tells them at the end only.
    public override ReadOnlySpan<byte> Usage(StreamSnapshot snapshot) => _transcript.Usage;

    public override void WriteReset(IBufferWriter<byte> output) =>
        SseWriter.WriteEvent(output, "{\"type\":\"reset\",\"reason\":\"cursor_ahead\"}"u8);

    public override bool WriteSnapshot(IBufferWriter<byte> output, StreamSnapshot snapshot, long after, bool isReset)
    {
        // It replaces whatever the viewer has shown, so it does not matter what that was.
        if (isReset)
        {
            WriteReset(output);
        }

        SseWriter.WriteEvent(output, id.Utf8, snapshot.StandsFor, StreamSnapshotJson.Event(snapshot));
        return true;
    }

    protected override StreamStatus Status(string state)
    {
        var frame = new ArrayBufferWriter<byte>();
        SseWriter.WriteEvent(frame, System.Text.Encoding.UTF8.GetBytes($$"""{"type":"status","state":"{{state}}"}"""));
        return new StreamStatus(frame.WrittenMemory);
    }

    private static ReadOnlySpan<byte> Escaped(JsonElement root, ReadOnlySpan<byte> name) => JsonMarshal.GetRawUtf8Value(root.GetProperty(name))[1..^1];

    private static void AppendText(StreamLog log, ReadOnlySpan<byte> before, ReadOnlySpan<byte> text, ReadOnlySpan<byte> after)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var length = before.Length + text.Length + after.Length;
        if (length <= MaxOnStack)
        {
            Span<byte> whole = stackalloc byte[MaxOnStack];
            before.CopyTo(whole);
            text.CopyTo(whole[before.Length..]);
            after.CopyTo(whole[(before.Length + text.Length)..]);
            log.Append(whole[..length]);
            return;
        }

        var scratch = Scratch();
        scratch.Write(before);
        scratch.Write(text);
        scratch.Write(after);
        log.Append(scratch.WrittenSpan);
    }

    private static void Append(StreamLog log, ReadOnlySpan<byte> type, Action<Utf8JsonWriter> fields)
    {
        var scratch = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(scratch, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, type);
            fields(json);
            json.WriteEndObject();
        }

        log.Append(scratch.WrittenSpan);
    }

    private void AppendLast(StreamLog log, ReadOnlySpan<byte> type, Action<Utf8JsonWriter> fields)
    {
        Append(log, type, fields);
        _transcript = Nothing;
    }

    private static ArrayBufferWriter<byte> Scratch()
    {
        // One huge event must not leave its memory with the thread for ever.
        var scratch = _scratch is { Capacity: <= MaxKeptScratchBytes } kept ? kept : _scratch = new ArrayBufferWriter<byte>(512);
        scratch.ResetWrittenCount();
        return scratch;
    }

    private void WriteAnswer(Utf8JsonWriter json) => StreamSnapshotJson.WriteText(json, "answer"u8, _transcript.Text);
}
