using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Endpoints;

/// <summary>Tells an EventSource, in Sluice's own events, why there is no stream and that coming back is of no use.</summary>
internal static class TerminalError
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends one <c>error</c> event. Its id ends in <c>.end</c>: an EventSource that reconnects with it gets 204, and stops.</summary>
    public static async Task SendAsync(HttpContext context, ChatProviderException error)
    {
        var data = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(data, Relaxed))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            json.WriteBoolean("retryable"u8, error.IsRetryable);
            json.WriteString("answer"u8, ""u8);
            json.WriteEndObject();
        }

        SseResponse.Begin(context);
        SseWriter.WriteEvent(context.Response.BodyWriter, "st_lost.end"u8, data.WrittenSpan);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
