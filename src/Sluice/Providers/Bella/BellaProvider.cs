using System.Net.Http.Headers;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Providers.OpenAi;

namespace Sluice.Providers.Bella;

/// <summary>Bella OpenAPI: OpenAI's dialect with quirks of its own.</summary>
/// <remarks>
/// What is special about it stands where it belongs: no space behind <c>data:</c> and three flushes an event are plain SSE to the reader; a missing
/// <c>[DONE]</c>, <c>""</c> for null, <c>sensitives</c> chunks and usage unasked are legal for every upstream; reasoning repeated in the text is
/// counted once by <see cref="ChatTranscript"/>. Left for here: its headers and its errors.
/// Source: https://github.com/LianjiaTech/bella-openapi
/// </remarks>
internal sealed class BellaProvider(string name, OpenAiProviderOptions options, SluiceMetrics metrics, TimeProvider time)
    : OpenAiProvider(name, options, new BellaErrors(options.ApiKey), metrics, time)
{
    /// <summary>Silence that Bella itself allows in mid-answer, so that Sluice does not cut what Bella would still deliver.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromSeconds(300);

    /// <inheritdoc/>
    protected override void AddHeaders(HttpRequestHeaders headers, ChatRequest request)
    {
        if (request.TraceId is { } traceId)
        {
            headers.Add("X-BELLA-TRACE-ID", traceId);
        }
    }
}
