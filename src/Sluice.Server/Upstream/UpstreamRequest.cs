using System.Text.Json;

namespace Sluice.Server.Upstream;

/// <summary>What the upstream looks at in a request.</summary>
/// <param name="Model">The model, empty if none was named.</param>
/// <param name="Stream">Whether a stream was asked for.</param>
/// <param name="IncludeUsage">Whether `stream_options.include_usage` is true.</param>
/// <param name="Tool">The name of the first tool on offer, or null.</param>
/// <param name="Prefill">The text of a last message that speaks for the assistant: the answer is to go on from there. Null if there is none.</param>
internal sealed record UpstreamRequest(string Model, bool Stream, bool IncludeUsage, string? Tool, string? Prefill)
{
    /// <summary>Reads a request body.</summary>
    /// <exception cref="JsonException">The body is not a JSON object.</exception>
    public static UpstreamRequest Parse(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("The body is not a JSON object.");
        return new UpstreamRequest(
            Text(root, "model") ?? "",
            Flag(root, "stream"),
            root.TryGetProperty("stream_options", out var options) && options.ValueKind == JsonValueKind.Object && Flag(options, "include_usage"),
            FirstTool(root),
            LastAssistantText(root));
    }

    private static string? FirstTool(JsonElement root)
    {
        if (!root.TryGetProperty("tools", out var tools) || tools.ValueKind != JsonValueKind.Array || tools.GetArrayLength() == 0) return null;
        var tool = tools[0];
        return tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object
            ? Text(function, "name")
            : null;
    }

    private static string? LastAssistantText(JsonElement root)
    {
        if (!root.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array || messages.GetArrayLength() == 0) return null;
        var last = messages[messages.GetArrayLength() - 1];
        return last.ValueKind == JsonValueKind.Object && Text(last, "role") == "assistant" ? Text(last, "content") : null;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}
