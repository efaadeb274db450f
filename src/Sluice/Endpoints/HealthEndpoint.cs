using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>GET /healthz</c> (the process is alive) and <c>GET /readyz</c> (it takes questions: 503 while it drains; and how each provider does).</summary>
internal sealed class HealthEndpoint(StreamHub hub, ITargetStatusSource targets)
{
    /// <summary>Alive.</summary>
    public static Task AliveAsync(HttpContext context)
    {
        Begin(context, 200);
        return context.Response.WriteAsync("{\"status\":\"ok\"}", context.RequestAborted);
    }

    /// <summary>Ready.</summary>
    /// <remarks>Providers that are left alone do not make it 503: its other replicas have the same providers, and without any of them nobody would be told what is wrong.</remarks>
    public async Task ReadyAsync(HttpContext context)
    {
        Begin(context, hub.IsDraining ? 503 : 200);
        var unreachable = targets.Unreachable;
        var providers = targets.Targets.GroupBy(static target => target.Provider, StringComparer.Ordinal)
            .Select(group => (group.Key, Status: unreachable.ContainsKey(group.Key) ? "down" : Status(group))).ToList();
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("status"u8, hub.IsDraining ? "draining" : providers.Exists(static provider => provider.Status != "ok") ? "degraded" : "ready");
        json.WriteStartObject("providers"u8);
        foreach (var (name, status) in providers)
        {
            json.WriteString(name, status);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // A target whose circuit is off is never left alone.
    private static string Status(IEnumerable<TargetStatus> targets)
    {
        var (open, all) = (0, 0);
        foreach (var target in targets.Where(static target => target.Circuit != "off"))
        {
            all++;
            open += target.Circuit == "closed" ? 0 : 1;
        }

        return open == 0 ? "ok" : open == all ? "down" : "degraded";
    }

    private static void Begin(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
    }
}
