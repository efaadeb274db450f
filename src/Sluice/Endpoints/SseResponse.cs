using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary>An answer as an event stream.</summary>
internal static class SseResponse
{
    // Over HTTP/2 and 3 a reset overtakes what was flushed but has not left yet, and nothing tells when it has. Without this pause the error frame
    // was lost in 9 of 10 runs; should it be lost all the same, the reset still shows the failure.
    private static readonly TimeSpan BeforeReset = TimeSpan.FromMilliseconds(200);

    /// <summary>Sends a stream to its end, or until its viewer leaves.</summary>
    /// <exception cref="UncleanEndException">The stream failed in a dialect whose clients would take a clean end for success.</exception>
    public static async Task SendAsync(HttpContext context, StreamSession session, StreamViewer viewer, TimeProvider time, bool isResumed = false)
    {
        Begin(context);
        context.Response.Headers["X-Sluice-Stream-Id"] = session.Id.Value;
        ConversationHeaders.Write(context, session.Request.Turn);
        if (isResumed)
        {
            // Who comes back may have missed nothing, and has to see that it is connected before something new is said.
            await context.Response.BodyWriter.FlushAsync(CancellationToken.None);
        }

        // A viewer has deadlines of its own: the server need not add up each token's time, too. What follows the viewer's last flush is the server's again.
        var rate = context.Features.Get<IHttpMinResponseDataRateFeature>();
        var minRate = rate?.MinDataRate;
        try
        {
            rate?.MinDataRate = null;
            await viewer.RunAsync(context.Response.BodyWriter);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The connection failed under the viewer, which is one way to leave. The server learns of it here first.
            context.Abort();
            return;
        }
        finally
        {
            rate?.MinDataRate = minRate;
        }

        if (viewer.IsLetGo)
        {
            await SlowViewer.CloseAsync(context, session, time);
            return;
        }

        if (session is { Error.Kind: ChatErrorKind.Stopping, Dialect.KnowsReset: true })
        {
            // Whoever is told this is told at the same moment as everyone else. Private to Sluice's own events: OpenAI's clients know no such line.
            await RetryHint.SendAsync(context);
        }

        if (session.EndsUnclean && !context.RequestAborted.IsCancellationRequested)
        {
            await EndUncleanAsync(context, time);
        }
    }

    /// <summary>Ends a response that has told of a failure so that every client notices. Never returns normally.</summary>
    /// <exception cref="UncleanEndException">Always.</exception>
    public static async Task EndUncleanAsync(HttpContext context, TimeProvider time)
    {
        if (!HttpProtocol.IsHttp11(context.Request.Protocol) && !HttpProtocol.IsHttp10(context.Request.Protocol))
        {
            await Task.Delay(BeforeReset, time, context.RequestAborted);
        }

        throw new UncleanEndException();
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
