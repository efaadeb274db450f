using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Deploy;

/// <summary>Behind nginx, with <c>deploy/nginx/sluice.conf</c>.</summary>
public sealed class NginxTests(Gateway gateway) : ReverseProxyTests(gateway)
{
    private protected override Task<ReverseProxy> StartAsync(Uri server) => ReverseProxy.NginxAsync(server);
}
