using System.Net.Http.Headers;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Providers.OpenAi;

namespace Sluice.Providers.Bella;

/// <summary>Bella OpenAPI: OpenAI's dialect with quirks of its own.</summary>
/// <remarks>
/// What is special about it stands where it belongs: no space behind <c>data:</c> and three flushes an event are plain SSE to the reader; a missing
/// <c>[DONE]</c>, <c>""</c> for null, <c>sensitives</c> chunks and usage unasked are legal for every upstream; reasoning repeated in the text is
/// counted once by <see cref="ChatTranscript"/>. Left for here: its headers, its errors, and an empty finish reason, on which OpenAI's own client for .NET fails.
/// Source: https://github.com/LianjiaTech/bella-openapi
/// </remarks>
internal sealed class BellaProvider(string name, OpenAiProviderOptions options, SluiceMetrics metrics, TimeProvider time)
    : OpenAiProvider(name, options, new BellaErrors(options.ApiKey), metrics, time)
{
    /// <summary>Silence that Bella itself allows in mid-answer, so that Sluice does not cut what Bella would still deliver.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(300);

    private static ReadOnlySpan<byte> EmptyFinish => "\"finish_reason\":\"\""u8;

    /// <inheritdoc/>
    protected override ChatChunk Repair(ChatChunk chunk)
    {
        // Inside a JSON string these quotes would be escaped, so it is a field.
        var at = chunk.Json.Span.IndexOf(EmptyFinish);
        if (at < 0)
        {
            return chunk;
        }

        byte[] repaired = [.. chunk.Json.Span[..at], .. "\"finish_reason\":null"u8, .. chunk.Json.Span[(at + EmptyFinish.Length)..]];
        return ChatChunk.TryParse(repaired, out var readable) ? readable : chunk;
    }

    /// <inheritdoc/>
    protected override void AddHeaders(HttpRequestHeaders headers, ChatRequest request)
    {
        if (request.TraceId is { } traceId)
        {
            headers.Add("X-BELLA-TRACE-ID", traceId);
        }
    }
}
