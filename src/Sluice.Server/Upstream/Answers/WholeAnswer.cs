using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Server.Upstream.Answers;

/// <summary>The answer to a request that did not ask for a stream: one JSON document.</summary>
internal static class WholeAnswer
{
    public static ReadOnlyMemory<byte> Json(AnswerHead head, AnswerScript script)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        json.WriteStartObject();
        json.WriteString("id"u8, head.Id);
        json.WriteString("object"u8, "chat.completion"u8);
        json.WriteNumber("created"u8, head.Created);
        json.WriteString("model"u8, head.Model);
        json.WriteString("system_fingerprint"u8, "fp_sluice_sim"u8);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, 0);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        WriteMessage(json, head, script);
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, script.FinishReason);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WritePropertyName("usage"u8);
        json.WriteRawValue(AnswerUsage.Json(script));
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteMessage(Utf8JsonWriter json, AnswerHead head, AnswerScript script)
    {
        if (script.ReasoningTokens > 0) json.WriteString("reasoning_content"u8, ScriptedAnswer.Text(script.ReasoningTokens));
        if (script.Style != AnswerStyle.Tools)
        {
            json.WriteString("content"u8, script.Text());
            return;
        }

        json.WriteNull("content"u8);
        json.WriteStartArray("tool_calls"u8);
        for (var call = 0; call < 2; call++)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, ToolFragments.Id(call));
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, head.Tool);
            json.WriteString("arguments"u8, ToolFragments.WholeArguments(call));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
