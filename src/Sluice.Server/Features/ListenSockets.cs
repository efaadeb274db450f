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
    private static readonly TimeSpan MaxUnacknowledged = TimeSpan.FromSeconds(10);

    /// <summary>The same, on this machine alone: whoever reaches a server that asks nobody who he is spends its owner's tokens.</summary>
    /// <exception cref="UsageException">The address can be reached from elsewhere.</exception>
    public static Socket CreateHere(EndPoint endpoint) => endpoint is not IPEndPoint { Address: var address } || IPAddress.IsLoopback(address)
        ? Create(endpoint)
        : throw new UsageException($"""
            Whoever reaches {endpoint} could ask, and spend your tokens: nobody would be asked who he is. Do one of these:
              switch access control on:         --Sluice:Access:Enabled=true, and make a key: sluice keys create --name me
              listen on this machine only:      --urls http://127.0.0.1:5080
              let something in front ask:       --Sluice:Access:AllowAnonymous=true
            """);

    /// <summary>A bound socket with these options.</summary>
    public static Socket Create(EndPoint endpoint)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        if (endpoint is IPEndPoint)
        {
            socket.SendBufferSize = SendBufferBytes;
            LimitUnacknowledged(socket, MaxUnacknowledged);
        }

        return socket;
    }

    /// <summary>Limits how long sent bytes may stay unacknowledged, or be refused by a full window. Linux only; elsewhere it does nothing.</summary>
    /// <param name="socket">A listening socket: connections inherit it.</param>
    /// <param name="limit">In whole milliseconds; zero for the system's own.</param>
    public static void LimitUnacknowledged(Socket socket, TimeSpan limit)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> value = stackalloc byte[sizeof(int)];
            BinaryPrimitives.WriteInt32LittleEndian(value, (int)limit.TotalMilliseconds);
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, value);
        }
    }
}
