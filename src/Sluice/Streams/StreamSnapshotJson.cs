using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Streams;

/// <summary>A snapshot as JSON: the answer of <c>GET /v1/streams/{id}</c> and the native <c>snapshot</c> event.</summary>
internal static class StreamSnapshotJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary><c>{id, state, seq, model, question, text, reasoning, tool_calls, usage, attempts}</c>.</summary>
    public static byte[] Resource(StreamSnapshot snapshot) => Write(snapshot, json =>
    {
        json.WriteString("id"u8, snapshot.Session.Id.Value);

        // A stream that has ended a moment after it was read here has said more than stands here: it still runs, as far as this goes.
        json.WriteString("state"u8, !snapshot.HasEnded ? "running"u8 : snapshot.Session.State switch
        {
            StreamState.Done => "done"u8,
            StreamState.Failed => "failed"u8,
            _ => "cancelled"u8,
        });
        WriteBody(json, snapshot, snapshot.Sequence);
        json.WritePropertyName("usage"u8);
        json.WriteRawValue(snapshot.Usage.IsEmpty ? "null"u8 : snapshot.Usage, skipInputValidation: true);
        json.WriteNumber("attempts"u8, snapshot.Session.Dialect.Attempts);
    });

    /// <summary><c>{type, seq, model, question, text, reasoning, tool_calls}</c>.</summary>
    public static byte[] Event(StreamSnapshot snapshot) => Write(snapshot, json =>
    {
        json.WriteString("type"u8, "snapshot"u8);
        WriteBody(json, snapshot, snapshot.StandsFor);
    });

    /// <summary>A JSON string out of text that is escaped already.</summary>
    public static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> escaped)
    {
        json.WritePropertyName(name);
        json.WriteRawValue([.. "\""u8, .. escaped, .. "\""u8], skipInputValidation: true);
    }

    private static void WriteBody(Utf8JsonWriter json, StreamSnapshot snapshot, long sequence)
    {
        json.WriteNumber("seq"u8, sequence);
        json.WriteString("model"u8, snapshot.Session.Model);
        json.WriteString("question"u8, snapshot.Session.Request.Question());
        WriteText(json, "text"u8, snapshot.Text);
        WriteText(json, "reasoning"u8, snapshot.Reasoning);
        json.WritePropertyName("tool_calls"u8);
        snapshot.ToolCalls.WriteTo(json);
    }

    private static byte[] Write(StreamSnapshot snapshot, Action<Utf8JsonWriter> fields)
    {
        var output = new ArrayBufferWriter<byte>();
        snapshot.Read(_ =>
        {
            using var json = new Utf8JsonWriter(output, Relaxed);
            json.WriteStartObject();
            fields(json);
            json.WriteEndObject();
        });
        return output.WrittenMemory.ToArray();
    }
}
