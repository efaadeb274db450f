using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Endpoints;

/// <summary>What names a request in logs and traces.</summary>
internal static class Origins
{
    /// <summary>The request's name, and the span that it says it is a part of (W3C Trace Context).</summary>
    public static ChatOrigin Of(HttpContext context)
    {
        // An application that traces its requests itself has a span for this one already.
        if (!SluiceTraces.IsOn || Activity.Current is not null || context.Request.Headers.TraceParent.ToString() is not { Length: > 0 } parent)
        {
            return new ChatOrigin(context.TraceIdentifier);
        }

        return new ChatOrigin(context.TraceIdentifier, StreamId: null, ActivityContext.TryParse(parent, traceState: null, isRemote: true, out var trace) ? trace : default);
    }
}
