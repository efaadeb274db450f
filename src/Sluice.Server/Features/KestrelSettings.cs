using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Sluice.Server.Access;

namespace Sluice.Server.Features;

/// <summary>How the server listens.</summary>
internal static class KestrelSettings
{
    private const string DefaultUrl = "http://127.0.0.1:5080";
    private const int BufferBytes = 64 * 1024;
    private const int MinBytesPerSecond = 16 * 1024;

    /// <summary>Sets limits and inline scheduling, and the default address where none is configured.</summary>
    public static void UseSluiceKestrel(this WebApplicationBuilder builder)
    {
        var (web, configuration) = (builder.WebHost, builder.Configuration);
        var access = AccessOptions.From(configuration);
        web.UseKestrelHttpsConfiguration();
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.MaxConcurrentConnections = DescriptorLimit.MaxConnections;

            // A client that takes less than this while bytes wait for it is let go, and may come back with its cursor. An idle stream has no bytes waiting.
            kestrel.Limits.MinResponseDataRate = new MinDataRate(MinBytesPerSecond, TimeSpan.FromSeconds(5));
            kestrel.Limits.MaxRequestBufferSize = BufferBytes;
            kestrel.Limits.MaxResponseBufferSize = BufferBytes;
            kestrel.UseDirectOutput();
            kestrel.Configure(configuration.GetSection("Kestrel"));
        });

        // Together with inline completions: see RuntimeSettings.
        builder.Services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.UseDirectOutput();
            sockets.CreateBoundListenSocket = access.Enabled || access.AllowAnonymous ? ListenSockets.Create : ListenSockets.CreateHere;
        });
        if (configuration["urls"] is { Length: > 0 } urls)
        {
            web.UseUrls(urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        }
        else if (configuration["http_ports"] is null && configuration["https_ports"] is null && !configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            web.UseUrls(DefaultUrl);
        }
    }
}
