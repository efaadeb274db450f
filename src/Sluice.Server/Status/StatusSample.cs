using System.Buffers;
using System.Text.Json;
using Sluice.Chat;

namespace Sluice.Server.Status;

/// <summary>One sample as one event. Holds names of the configuration and figures: no addresses, no keys, nothing that was asked.</summary>
internal static class StatusSample
{
    /// <summary>The event, framed.</summary>
    /// <param name="before">What stood a moment ago.</param>
    /// <param name="now">What stands now.</param>
    /// <param name="signs">What has happened in between.</param>
    /// <param name="targets">How the upstreams do.</param>
    public static byte[] Frame(
        StatusReading before, StatusReading now, (double[] FirstTokens, int Ended, int Failed, KeyValuePair<string, int>[] Failures) signs, IReadOnlyList<TargetStatus> targets)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        output.Write("data: "u8);
        using (var json = new Utf8JsonWriter(output))
        {
            var seconds = now.Since(before);
            json.WriteStartObject();
            json.WriteNumber("t"u8, now.At.ToUnixTimeMilliseconds() / 1000.0);
            json.WriteNumber("streams"u8, now.Streams);
            json.WriteNumber("viewers"u8, now.Viewers);
            json.WriteNumber("calls"u8, now.Calls);
            json.WriteNumber("events"u8, Math.Round((now.Events - before.Events) / seconds, 1));
            json.WriteNumber("bytes"u8, Math.Round((now.Bytes - before.Bytes) / seconds));
            WriteTime(json, "ttft_p50"u8, signs.FirstTokens, 0.5);
            WriteTime(json, "ttft_p95"u8, signs.FirstTokens, 0.95);
            json.WriteNumber("ended"u8, signs.Ended);
            json.WriteNumber("failed"u8, signs.Failed);
            json.WriteStartObject("failures"u8);
            foreach (var (provider, count) in signs.Failures)
            {
                json.WriteNumber(provider, count);
            }

            json.WriteEndObject();
            json.WriteStartArray("targets"u8);
            foreach (var target in targets)
            {
                Write(json, target);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
        return output.WrittenSpan.ToArray();
    }

    private static void WriteTime(Utf8JsonWriter json, ReadOnlySpan<byte> name, double[] ordered, double share)
    {
        if (ordered.Length == 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteNumber(name, Math.Round(ordered[Math.Min(ordered.Length - 1, (int)(ordered.Length * share))] * 1000, 1));
    }

    private static void Write(Utf8JsonWriter json, TargetStatus target)
    {
        json.WriteStartObject();
        json.WriteString("model"u8, target.Model);
        json.WriteString("provider"u8, target.Provider);
        json.WriteString("circuit"u8, target.Circuit);
        json.WriteNumber("active"u8, target.Active);
        json.WriteNumber("ok"u8, target.Succeeded);
        json.WriteNumber("failed"u8, target.Failed);
        json.WriteEndObject();
    }
}
