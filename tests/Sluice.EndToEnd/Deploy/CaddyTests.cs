using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Deploy;

/// <summary>Behind Caddy, with <c>deploy/caddy/Caddyfile</c>.</summary>
public sealed class CaddyTests(Gateway gateway) : ReverseProxyTests(gateway)
{
    private protected override Task<ReverseProxy> StartAsync(Uri server) => ReverseProxy.CaddyAsync(server);
}
