using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Sluice.Server.Features;

/// <summary>Lets connections send through <see cref="DirectOutput"/>: docs/decisions/021-a-flush-is-a-send.md.</summary>
internal static class DirectOutputSettings
{
    /// <summary>For every connection that is accepted, below TLS.</summary>
    public static void UseDirectOutput(this KestrelServerOptions kestrel) => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection =>
    {
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.Blocking = false;
            var transport = connection.Transport;
            connection.Transport = new Duplex(transport.Input, new DirectOutput(socket, transport.Output));
        }

        return next(connection);
    }));

    /// <summary>The transport's own pipe ends a flush when it is empty, not when it has room.</summary>
    public static void UseDirectOutput(this SocketTransportOptions sockets) => sockets.MaxWriteBufferSize = 1;

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
