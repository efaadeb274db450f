using System.Text;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Server.Load;

/// <summary>Tells what an event shows by a search for bytes; nothing is parsed or allocated, so that measuring costs little.</summary>
/// <remarks>A quote inside a JSON string is escaped, therefore `"name":` can only be a property.</remarks>
internal static class EventClassifier
{
    /// <summary>What an event of OpenAI's dialect shows.</summary>
    /// <param name="data">The event's data.</param>
    /// <param name="stamp">The moment of writing in nanoseconds, if the token carries one, else 0.</param>
    public static EventSigns OpenAi(ReadOnlySpan<byte> data, out long stamp)
    {
        stamp = 0;
        if (data.SequenceEqual("[DONE]"u8)) return EventSigns.End;
        var signs = EventSigns.None;
        var content = ValueOf(data, "\"content\":"u8);
        if (IsText(content))
        {
            signs |= EventSigns.Token;
            _ = LatencyStamp.TryRead(content[1..], out stamp);
        }
        else if (IsText(ValueOf(data, "\"reasoning_content\":"u8)) || ValueOf(data, "\"tool_calls\":"u8).StartsWith("["u8))
        {
            signs |= EventSigns.Token;
        }

        if (IsText(ValueOf(data, "\"finish_reason\":"u8))) signs |= EventSigns.Finish;
        var error = ValueOf(data, "\"error\":"u8);
        if (error.StartsWith("{"u8) || IsText(error)) signs |= EventSigns.Error;
        return signs;
    }

    /// <summary>What a native event shows.</summary>
    /// <param name="data">The event's data.</param>
    /// <param name="stamp">The moment of writing in nanoseconds, if the token carries one, else 0.</param>
    public static EventSigns Native(ReadOnlySpan<byte> data, out long stamp)
    {
        stamp = 0;
        var type = ValueOf(data, "\"type\":"u8);
        if (type.StartsWith("\"delta\""u8))
        {
            var content = ValueOf(data, "\"content\":"u8);
            if (!IsText(content)) return EventSigns.None;
            _ = LatencyStamp.TryRead(content[1..], out stamp);
            return EventSigns.Token;
        }

        if (type.StartsWith("\"reasoning\""u8) || type.StartsWith("\"tool\""u8)) return EventSigns.Token;
        if (type.StartsWith("\"end\""u8)) return EventSigns.End;
        if (type.StartsWith("\"error\""u8)) return EventSigns.Error;
        return type.StartsWith("\"cancelled\""u8) ? EventSigns.Cancelled : EventSigns.None;
    }

    /// <summary>The code of an error event, for the table of errors.</summary>
    public static string ErrorCode(ReadOnlySpan<byte> data)
    {
        var code = ValueOf(data, "\"code\":"u8);
        if (!IsText(code)) return "error event";
        code = code[1..];
        var end = code.IndexOf((byte)'"');
        return "error event " + Encoding.UTF8.GetString(end is < 0 or > 64 ? code[..Math.Min(64, code.Length)] : code[..end]);
    }

    private static bool IsText(ReadOnlySpan<byte> value) => value.Length > 1 && value[0] == (byte)'"' && value[1] != (byte)'"';

    private static ReadOnlySpan<byte> ValueOf(ReadOnlySpan<byte> data, ReadOnlySpan<byte> property)
    {
        var at = data.IndexOf(property);
        return at < 0 ? default : data[(at + property.Length)..].TrimStart((byte)' ');
    }
}
