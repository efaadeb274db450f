using Microsoft.Extensions.Primitives;
using Sluice.Server.Features;

namespace Sluice.Server.Access;

/// <summary>Whether a request came under a name that the server may be reached under.</summary>
/// <remarks>
/// Where no names are set and nobody says who he is, a browser must have come under one of this machine's own.
/// A page of any site can have its own name lead to this machine (DNS rebinding), and would then be of the same origin as the server: the name is the one
/// thing that it cannot choose. Only browsers let foreign pages send requests, and every browser says a language; a page can change what is said there,
/// not that something is. So programs, and proxies that pass on a name of their own, are not asked.
/// </remarks>
internal sealed class HostCheck(AccessOptions options)
{
    private static readonly StringSegment[] ThisMachine = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

    // Names are sent as browsers write them (Punycode).
    private readonly StringSegment[] _names = [.. options.Hosts.Select(static name => (StringSegment)new HostString(name).ToUriComponent())];
    private readonly bool _isForAll = options.Hosts.Contains("*") || (options.Hosts.Count == 0 && (options.Enabled || options.AllowAnonymous));

    /// <summary>Passes the request on, or says no.</summary>
    public Task PassAsync(HttpContext context, RequestDelegate next) => Passes(context.Request)
        ? next(context)
        : ErrorShape.WriteAsync(context, 400, "The Host header names no host of this server. Set Sluice:Access:Hosts to the names under which it may be reached.", "unknown_host");

    private bool Passes(HttpRequest request)
    {
        // Probes ask by address, such as a pod's, which nobody knows beforehand. All that they learn is that the server runs.
        if (request.Path.Value is "/healthz" or "/readyz")
        {
            return true;
        }

        if (!request.Host.HasValue)
        {
            return false;
        }

        return _isForAll || (_names.Length > 0
            ? HostString.MatchesAny(request.Host.Host, _names)
            : HostString.MatchesAny(request.Host.Host, ThisMachine) || !IsOfABrowser(request.Headers));
    }

    private static bool IsOfABrowser(IHeaderDictionary headers) =>
        headers.AcceptLanguage.Count > 0 || headers.Origin.Count > 0 || headers.ContainsKey("Sec-Fetch-Site") || headers.UserAgent.ToString().StartsWith("Mozilla/", StringComparison.Ordinal);
}
