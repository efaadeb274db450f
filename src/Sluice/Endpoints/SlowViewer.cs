using Microsoft.AspNetCore.Http;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary>Closes the connection of a viewer that was let go: without a terminal event, so that it comes back with its cursor.</summary>
internal static class SlowViewer
{
    // Who has taken nothing for long will hardly take this; who reads, but slowly, gets the moment that it needs.
    private static readonly TimeSpan MaxLastLine = TimeSpan.FromSeconds(1);

    /// <summary>Says when to come back, where the dialect has a word for it, and closes.</summary>
    /// <exception cref="UncleanEndException">In a dialect whose clients would take a clean end for success.</exception>
    public static async Task CloseAsync(HttpContext context, StreamSession session, TimeProvider time)
    {
        if (session.Dialect.KnowsReset)
        {
            RetryHint.Write(context);
        }

        try
        {
            // The call that ended the last flush may have come a moment late; then it ends this one.
            var last = context.Response.BodyWriter;
            while ((await last.FlushAsync(CancellationToken.None).AsTask().WaitAsync(MaxLastLine, time, context.RequestAborted)).IsCanceled)
            {
            }
        }
        catch (TimeoutException)
        {
            // Only an abort frees what waits in the buffers of a client that does not read.
            context.Abort();
            return;
        }

        if (session.Dialect.FailsUnclean)
        {
            await SseResponse.EndUncleanAsync(context, time);
        }
    }
}
