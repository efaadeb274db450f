using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>Refuses what a page of another site posts in its visitor's name: a browser sends the cookie along, and says in <c>Origin</c> who posts.</summary>
/// <remarks>Whoever sends a key in a header is not asked: no browser adds one by itself.</remarks>
internal static class OriginCheck
{
    /// <summary>Whether a request may act.</summary>
    /// <param name="request">The request.</param>
    /// <param name="options">Names the other sites whose pages may ask.</param>
    public static bool Passes(HttpRequest request, EndpointOptions options)
    {
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method) || GivenCredential.Of(request.Headers) != default)
        {
            return true;
        }

        // The host alone is compared: in front of the server TLS may have been taken off.
        var origin = request.Headers.Origin.ToString();
        return origin.Length == 0
            ? request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            : options.AllowedOrigins.Contains(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var url) && string.Equals(url.Authority, Authority(request), StringComparison.OrdinalIgnoreCase));
    }

    // As a browser writes it: without the port that the scheme has anyway.
    private static string Authority(HttpRequest request) => request.Host.Port is 80 or 443 ? request.Host.Host : request.Host.Value ?? "";
}
