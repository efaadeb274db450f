using Microsoft.Extensions.Primitives;

namespace Sluice.Server.Access;

/// <summary>Where nobody says who he is: whether a browser came under one of this machine's own names.</summary>
/// <remarks>
/// A page of any site can have its own name lead to this machine (DNS rebinding), and would then be of the same origin as the server: the name is the one
/// thing that it cannot choose. Only browsers let foreign pages send requests, and every browser says a language; a page can change what is said there,
/// not that something is. So programs, and proxies that pass on a name of their own, are not asked.
/// </remarks>
internal static class HostCheck
{
    private static readonly StringSegment[] ThisMachine = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

    /// <summary>Whether the request may go on.</summary>
    public static bool Passes(HttpRequest request) => HostString.MatchesAny(request.Host.Host, ThisMachine) || !IsOfABrowser(request.Headers);

    private static bool IsOfABrowser(IHeaderDictionary headers) =>
        headers.AcceptLanguage.Count > 0 || headers.Origin.Count > 0 || headers.ContainsKey("Sec-Fetch-Site") || headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal);
}
