using System.Buffers;
using System.Globalization;
using System.Text;

namespace Sluice.Server.Upstream.Answers;

/// <summary>Writes the `delta` object of a step: what both dialects share.</summary>
/// <param name="script">The answer.</param>
/// <param name="tool">Name of the tool that is called.</param>
/// <param name="emptyContinuations">Whether continued tool calls carry `"id":"","type":null` instead of leaving both out.</param>
internal sealed class DeltaWriter(AnswerScript script, string tool, bool emptyContinuations)
{
    public void Write(AnswerStep step, long stampNanoseconds, IBufferWriter<byte> output)
    {
        switch (step.Kind)
        {
            case AnswerStepKind.Role:
                output.Write("""{"role":"assistant","content":""}"""u8);
                break;
            case AnswerStepKind.Content:
                WriteContent(step.Index, stampNanoseconds, output);
                break;
            case AnswerStepKind.Reasoning:
                WriteReasoning(step.Index, output);
                break;
            case AnswerStepKind.Tool:
                WriteTool(step.Index, output);
                break;
            default:
                output.Write("{}"u8);
                break;
        }
    }

    private void WriteContent(int index, long stampNanoseconds, IBufferWriter<byte> output)
    {
        var first = index == script.From.Token;
        output.Write("{\"content\":\""u8);
        if (first && script.Style == AnswerStyle.MergedReasoning) output.Write("\\n```\\n"u8);
        if (stampNanoseconds > 0) LatencyStamp.Write(stampNanoseconds, output);
        if (first && script.From.Skip > 0) Encoding.UTF8.GetBytes(JsonText.Escape(ScriptedAnswer.Token(index)[script.From.Skip..]), output);
        else ScriptedAnswer.WriteJson(index, output);
        output.Write("\"}"u8);
    }

    private void WriteReasoning(int index, IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        if (script.Style == AnswerStyle.MergedReasoning)
        {
            output.Write(index == 0 ? "\"content\":\"```sh\\n"u8 : "\"content\":\""u8);
            ScriptedAnswer.WriteJson(index, output);
            output.Write("\","u8);
        }

        output.Write("\"reasoning_content\":\""u8);
        ScriptedAnswer.WriteJson(index, output);
        output.Write("\"}"u8);
    }

    private void WriteTool(int index, IBufferWriter<byte> output)
    {
        var call = ToolFragments.Call(index);
        Append(output, $"{{\"tool_calls\":[{{\"index\":{call},");
        if (ToolFragments.Opens(index)) Append(output, $"\"id\":\"{ToolFragments.Id(call)}\",\"type\":\"function\",\"function\":{{\"name\":\"{JsonText.Escape(tool)}\",");
        else output.Write(emptyContinuations ? "\"id\":\"\",\"type\":null,\"function\":{"u8 : "\"function\":{"u8);
        output.Write("\"arguments\":\""u8);
        Encoding.UTF8.GetBytes(JsonText.Escape(ToolFragments.Arguments(index)), output);
        output.Write("\"}}]}"u8);
    }

    /// <summary>Appends text as UTF-8.</summary>
    public static void Append(IBufferWriter<byte> output, FormattableString text) =>
        Encoding.UTF8.GetBytes(text.ToString(CultureInfo.InvariantCulture), output);
}
