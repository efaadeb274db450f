using System.Globalization;
using System.Text;

namespace Sluice.Many;

/// <summary>Requests as bytes.</summary>
internal static class Requests
{
    /// <summary>A question for Sluice's own events.</summary>
    /// <param name="model">The model.</param>
    /// <param name="onDisconnect">What becomes of the stream when its viewers have left.</param>
    public static byte[] Ask(string model, string onDisconnect) =>
        Get($"/ask/stream?prompt=hi&on_disconnect={onDisconnect}&model={Uri.EscapeDataString(model)}");

    /// <summary>A stream from behind an event on.</summary>
    /// <param name="stream">Its name.</param>
    /// <param name="after">The event's number; 0 for none.</param>
    public static byte[] Events(string stream, long after) =>
        Get($"/v1/streams/{stream}/events", after == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"Last-Event-ID: {stream}.{after}\r\n"));

    /// <summary>A question in OpenAI's dialect.</summary>
    /// <param name="model">The model.</param>
    public static byte[] Chat(string model) =>
        Post("/v1/chat/completions", $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"hi"}]}""");

    /// <summary>Stops a stream.</summary>
    public static byte[] Cancel(string stream) => Post($"/v1/streams/{stream}/cancel", "");

    private static byte[] Get(string target, string headers = "") =>
        Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n{headers}\r\n");

    private static byte[] Post(string target, string body) => Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
}
