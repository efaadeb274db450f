using System.Globalization;
using System.Text.Json;

namespace Sluice.Providers.OpenAi;

/// <summary>The error object of an OpenAI-compatible upstream, as far as it could be read.</summary>
/// <param name="Message">What it says, or null.</param>
/// <param name="Type">Its class of error, or null.</param>
/// <param name="Code">Its code, or null. Some send a number; it is taken as text.</param>
/// <param name="Param">The request field it blames, or null.</param>
/// <param name="Status">The HTTP status that it names inside the object (Bella's <c>httpCode</c>, others' numeric <c>code</c>), or null.</param>
internal sealed record UpstreamError(string? Message, string? Type, string? Code, string? Param, int? Status)
{
    /// <summary>Nothing is known.</summary>
    public static UpstreamError None { get; } = new(null, null, null, null, null);

    /// <summary>Reads <c>{"error":{...}}</c>, <c>{"error":"text"}</c> or <c>{"message":"text"}</c>.</summary>
    public static UpstreamError Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return None;
            }

            if (!root.TryGetProperty("error"u8, out var error))
            {
                error = root;
            }

            return error.ValueKind switch
            {
                JsonValueKind.String => None with { Message = error.GetString() },
                JsonValueKind.Object => FromObject(error),
                _ => None,
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A web page, half a body, invalid UTF-8: the status alone has to do.
            return None;
        }
    }

    private static UpstreamError FromObject(JsonElement error)
    {
        var code = Text(error, "code"u8);
        return new UpstreamError(Text(error, "message"u8), Text(error, "type"u8), code, Text(error, "param"u8),
            ReadStatus(Text(error, "httpCode"u8)) ?? ReadStatus(Text(error, "status"u8)) ?? ReadStatus(code));
    }

    private static int? ReadStatus(string? text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number is >= 400 and < 600 ? number : null;

    private static string? Text(JsonElement error, ReadOnlySpan<byte> name) =>
        !error.TryGetProperty(name, out var value) ? null : value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
}
