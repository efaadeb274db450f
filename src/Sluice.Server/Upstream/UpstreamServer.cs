using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Sluice.Server.Upstream;

/// <summary>The scripted upstream as a running server on 127.0.0.1.</summary>
internal sealed class UpstreamServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly UpstreamHandler _handler;

    private UpstreamServer(WebApplication app, UpstreamHandler handler)
    {
        _app = app;
        _handler = handler;
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Address => _app.Urls.First();

    public UpstreamStats Stats => _handler.Stats;

    /// <summary>Starts listening.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<UpstreamServer> StartAsync(UpstreamOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        // The empty builder reads no configuration: an appsettings.json of the directory must not change a test tool.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        // Nothing here blocks, so tokens may leave on the thread that is there already: half the CPU time per token.
        builder.WebHost.UseSockets(o => o.UnsafePreferInlineScheduling = true);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 32 << 20;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxConcurrentConnections = null;
            kestrel.Listen(IPAddress.Loopback, options.Port, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var handler = new UpstreamHandler(options, time);
        app.Run(handler.HandleAsync);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new UpstreamServer(app, handler);
    }

    /// <summary>Stops at once: running answers, and those that would hang for ever, are cut.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
