using System.Text.Json;

namespace Sluice.Providers.OpenAi;

/// <summary>Reads an upstream's <c>GET /models</c>: <c>{"data":[{"id":"..."}]}</c>.</summary>
internal static class OpenAiModels
{
    /// <summary>The ids, in the upstream's order; null where the body has another form.</summary>
    public static IReadOnlyList<string>? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("data"u8, out var data) || data.ValueKind != JsonValueKind.Array)
            {
                return null;
            }

            return [.. data.EnumerateArray()
                .Where(model => model.ValueKind == JsonValueKind.Object && model.TryGetProperty("id"u8, out var id) && id.ValueKind == JsonValueKind.String)
                .Select(model => model.GetProperty("id"u8).GetString()!)
                .Where(id => id.Length > 0)];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
