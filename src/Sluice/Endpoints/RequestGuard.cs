using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary>What holds for every request that spends money.</summary>
internal static class RequestGuard
{
    private const int MaxTraceIdChars = 128;
    private const int MaxKeyChars = 255;

    /// <summary>Refuses what a foreign page sends behind its visitor's back.</summary>
    /// <exception cref="ChatRequestException">With 403 or 400.</exception>
    public static void Check(HttpContext context, EndpointOptions options)
    {
        // An <img> on any page could ask a question; browsers say so. https://www.w3.org/TR/fetch-metadata/
        // It sends no Origin; the script of a page that may ask does.
        if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site" && !options.AllowedOrigins.Contains(context.Request.Headers.Origin.ToString()))
        {
            throw new ChatRequestException("Another site's page may not ask here.") { Status = 403, Code = "cross_site" };
        }
    }

    /// <summary>What the client wants to become of its stream when it leaves.</summary>
    /// <param name="context">The request.</param>
    /// <param name="otherwise">What holds where it does not say.</param>
    /// <exception cref="ChatRequestException">It says something else.</exception>
    public static DisconnectPolicy OnDisconnect(HttpContext context, DisconnectPolicy otherwise) =>
        Policy(context.Request.Headers["X-Sluice-On-Disconnect"], "X-Sluice-On-Disconnect")
        ?? Policy(context.Request.Query["on_disconnect"], "on_disconnect")
        ?? otherwise;

    /// <summary>The cursor that the client sends back; null where it sends none.</summary>
    public static string? LastEventId(HttpContext context) => context.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } cursor ? cursor : null;

    /// <summary>The client's own key for its question; null where it has none.</summary>
    /// <exception cref="ChatRequestException">It is too long.</exception>
    public static string? IdempotencyKey(HttpContext context) => context.Request.Headers["Idempotency-Key"].ToString() switch
    {
        "" => null,
        { Length: > MaxKeyChars } => throw new ChatRequestException($"`Idempotency-Key` is longer than {MaxKeyChars} characters.") { Param = "Idempotency-Key" },
        var key => key,
    };

    /// <summary>A client's own key with whose and for which endpoint it is; null for none.</summary>
    /// <param name="caller">Whose.</param>
    /// <param name="endpoint">For which endpoint: one word.</param>
    /// <param name="key">The client's key.</param>
    // The length says where the owner ends: no two callers can name the same.
    public static string? KeyOf(Caller caller, string endpoint, string? key) => key is null ? null : $"{endpoint} {caller.Id.Length}:{caller.Id}{key}";

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

    private static DisconnectPolicy? Policy(string? value, string name) => value switch
    {
        null or "" => null,
        "cancel" => DisconnectPolicy.Cancel,
        "detach" => DisconnectPolicy.Detach,
        _ => throw new ChatRequestException($"`{name}` must be `cancel` or `detach`.") { Param = name },
    };
}
