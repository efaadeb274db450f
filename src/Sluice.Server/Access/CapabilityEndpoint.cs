using System.Globalization;
using System.Text.Json;
using Sluice.Endpoints;
using Sluice.Server.Features;
using Sluice.Streams;

namespace Sluice.Server.Access;

/// <summary><c>POST /v1/streams/{id}/capability</c>: a link to the stream's events, for whoever is given it.</summary>
internal sealed class CapabilityEndpoint(StreamHub hub, Capabilities capabilities)
{
    /// <summary>Answers with <c>url</c> and <c>expires</c>.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        var caller = Callers.Of(context);
        if (hub.Find(context.GetRouteValue("id") as string ?? "", caller) is not { Id.Value: var id })
        {
            await ErrorShape.WriteAsync(context, 404, "This stream is not (or no longer) known here.", "stream_lost");
            return;
        }

        var capability = capabilities.Issue(id, caller, out var expires);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("url"u8, $"/v1/streams/{id}/events?{CapabilityHandler.Parameter}={capability}");
        json.WriteString("expires"u8, expires.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }
}
