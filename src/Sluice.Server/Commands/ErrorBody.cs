using System.Text.Json;

namespace Sluice.Server.Commands;

/// <summary>Reads `{"error":{"message","code"}}`, the shape of every error that a server of this kind sends.</summary>
internal static class ErrorBody
{
    /// <summary>Code and message of a body, or what stands in for them where it has another shape.</summary>
    public static (string Code, string Message) Read(ReadOnlyMemory<byte> body, string code, string message)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return (code, message);
            if (!document.RootElement.TryGetProperty("error", out var error) || error.ValueKind != JsonValueKind.Object) return (code, message);
            return (Text(error, "code") ?? code, Text(error, "message") ?? message);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // Not JSON: a proxy's page, perhaps. The status says enough.
            return (code, message);
        }
    }

    private static string? Text(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
