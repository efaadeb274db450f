using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sluice.Chat;

/// <summary>Errors in OpenAI's shape: <c>{"error":{"message","type","code","param"}}</c>, in both dialects.</summary>
public static class ChatErrorJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An upstream's failure as clients see it.</summary>
    public static ReadOnlySpan<byte> Write(ChatProviderException error) => Write(error.Message, error.Type, error.Code, error.Param);

    /// <summary>An error object.</summary>
    /// <param name="message">What is wrong, and the fix.</param>
    /// <param name="type">The class of error, in OpenAI's words.</param>
    /// <param name="code">One word for programs.</param>
    /// <param name="param">The field that is wrong, or null.</param>
    public static ReadOnlySpan<byte> Write(string message, string type, string code, string? param)
    {
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(output, Relaxed))
        {
            json.WriteStartObject();
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, message);
            json.WriteString("type"u8, type);
            json.WriteString("code"u8, code);
            json.WriteString("param"u8, param);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return output.WrittenSpan;
    }
}
