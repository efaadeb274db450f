using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>GET /statusz</c>: how the upstreams do, for people and their monitors. Holds names, no addresses and no keys.</summary>
internal sealed class StatusEndpoint(ITargetStatusSource targets, StreamHub hub)
{
    /// <summary>Answers with one object per target.</summary>
    public async Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteNumber("active_streams"u8, hub.Active);
        json.WriteNumber("retries_left"u8, Math.Floor(targets.RetriesLeft));
        json.WriteStartArray("targets"u8);
        foreach (var target in targets.Targets)
        {
            Write(json, target);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, TargetStatus target)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        json.WriteString("provider"u8, target.Provider);
        json.WriteString("target_model"u8, target.TargetModel);
        json.WriteString("circuit"u8, target.Circuit);
        json.WriteNumber("active"u8, target.Active);
        WriteNumber(json, "max_active"u8, target.MaxActive);
        WriteNumber(json, "ttft_ms"u8, target.TimeToFirstTokenMs is { } time ? Math.Round(time, 1) : null);
        json.WriteNumber("succeeded"u8, target.Succeeded);
        json.WriteNumber("failed"u8, target.Failed);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
