using Microsoft.AspNetCore.HttpOverrides;

namespace Sluice.Server.Access;

/// <summary>Behind a proxy that takes TLS off, requests come by http: whether they were https is what the proxy says, if it runs on this machine.</summary>
internal static class ForwardedScheme
{
    /// <summary>Takes <c>X-Forwarded-Proto</c>, and nothing else, from a loopback address, and from nobody else: from anyone it would be worth nothing.</summary>
    /// <remarks>The last of several values counts, which is the one that the proxy itself has added. The loopback addresses are the framework's own default.</remarks>
    public static ForwardedHeadersOptions Options { get; } = new() { ForwardedHeaders = ForwardedHeaders.XForwardedProto };
}
