using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>What holds for every request that spends money.</summary>
internal static class RequestGuard
{
    private const int MaxTraceIdChars = 128;

    /// <summary>Refuses what a foreign page sends behind its visitor's back, and settings that do not exist.</summary>
    /// <exception cref="ChatRequestException">With 403 or 400.</exception>
    public static void Check(HttpContext context)
    {
        // An <img> on any page could ask a question; browsers say so. https://www.w3.org/TR/fetch-metadata/
        if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            throw new ChatRequestException("Another site's page may not ask here.") { Status = 403, Code = "cross_site" };
        }

        CheckOnDisconnect(context.Request.Headers["X-Sluice-On-Disconnect"], "X-Sluice-On-Disconnect");
        CheckOnDisconnect(context.Request.Query["on_disconnect"], "on_disconnect");
    }

    /// <summary>Whether the client understands an event stream: it names it, or takes anything.</summary>
    public static bool AcceptsEvents(HttpContext context)
    {
        var accept = context.Request.GetTypedHeaders().Accept;
        return accept.Count == 0 || accept.Any(type => type.MatchesMediaType("text/event-stream"));
    }

    /// <summary>The identifier that the client wants to find in the upstream's logs, where it is harmless.</summary>
    public static string? TraceId(HttpContext context)
    {
        var value = context.Request.Headers["X-BELLA-TRACE-ID"].ToString();
        return value.Length is > 0 and <= MaxTraceIdChars && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':') ? value : null;
    }

    private static void CheckOnDisconnect(string? value, string name)
    {
        if (value is not (null or "" or "cancel" or "detach"))
        {
            throw new ChatRequestException($"`{name}` must be `cancel` or `detach`.") { Param = name };
        }
    }
}
