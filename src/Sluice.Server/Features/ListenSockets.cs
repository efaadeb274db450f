using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Sluice.Server.Features;

/// <summary>Socket options that every accepted connection inherits from the listening one.</summary>
internal static class ListenSockets
{
    // By default the kernel takes 4 MB from a stream for a client that never reads; with this, 0.3 MB.
    private const int SendBufferBytes = 64 * 1024;

    // Linux: how long sent bytes may stay unacknowledged. Without it a client whose network is gone counts as there for minutes. tcp(7)
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;
    private const int MaxUnacknowledgedMilliseconds = 10_000;

    /// <summary>A bound socket with these options.</summary>
    public static Socket Create(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint)
        {
            socket.SendBufferSize = SendBufferBytes;
            if (OperatingSystem.IsLinux())
            {
                Span<byte> value = stackalloc byte[sizeof(int)];
                BinaryPrimitives.WriteInt32LittleEndian(value, MaxUnacknowledgedMilliseconds);
                socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, value);
            }
        }

        return socket;
    }
}
