using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary>An answer as an event stream.</summary>
internal static class SseResponse
{
    /// <summary>Sends a stream to its end, or until its viewer leaves.</summary>
    /// <exception cref="UncleanEndException">The stream failed in a dialect whose clients would take a clean end for success.</exception>
    public static async Task SendAsync(HttpContext context, StreamSession session, StreamViewer viewer, bool isResumed = false)
    {
        Begin(context);
        context.Response.Headers["X-Sluice-Stream-Id"] = session.Id.Value;
        if (isResumed)
        {
            // Who comes back may have missed nothing, and has to see that it is connected before something new is said.
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }

        await viewer.RunAsync(context.Response.BodyWriter);
        if (session.EndsUnclean && !context.RequestAborted.IsCancellationRequested)
        {
            throw new UncleanEndException();
        }
    }

    /// <summary>Sets status and headers. Nothing leaves before the first flush.</summary>
    public static void Begin(HttpContext context)
    {
        var headers = context.Response.Headers;
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        headers.CacheControl = "no-cache, no-store, no-transform";
        headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
