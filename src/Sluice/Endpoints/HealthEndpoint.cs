using Microsoft.AspNetCore.Http;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>GET /healthz</c> (the process is alive) and <c>GET /readyz</c> (it takes questions: 503 while it drains).</summary>
internal sealed class HealthEndpoint(StreamHub hub)
{
    /// <summary>Alive.</summary>
    public static Task AliveAsync(HttpContext context) => WriteAsync(context, 200, "{\"status\":\"ok\"}");

    /// <summary>Ready.</summary>
    public Task ReadyAsync(HttpContext context) => hub.IsDraining
        ? WriteAsync(context, 503, "{\"status\":\"draining\"}")
        : WriteAsync(context, 200, "{\"status\":\"ready\"}");

    private static Task WriteAsync(HttpContext context, int status, string json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(json, context.RequestAborted);
    }
}
