using System.Buffers.Binary;
using System.Net.Sockets;

namespace Sluice.Server.Upstream;

/// <summary>What has been sent over a connection and has not arrived yet.</summary>
internal static class SentBytes
{
    // tcp(7); linux/tcp.h, struct tcp_info: segments without an acknowledgement, and bytes that were not even sent.
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;
    private const int Unacknowledged = 24;
    private const int NotSent = 144;

    // An acknowledgement may be held back for 40 ms; who does not take the bytes at all is not waited for.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    // Where nobody can be asked: long enough on the same machine.
    private static readonly TimeSpan Guess = TimeSpan.FromMilliseconds(40);

    /// <summary>Waits until the other side's kernel has everything: a reset may overtake what is under way on another core, and what it overtakes is lost.</summary>
    /// <remarks>It goes by real time, whatever clock the answer goes by: so does the network.</remarks>
    public static async Task ArrivedAsync(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            await Task.Delay(Guess, TimeProvider.System, CancellationToken.None);
            return;
        }

        var time = TimeProvider.System;
        var started = time.GetTimestamp();
        while (AreUnderWay(socket) && time.GetElapsedTime(started) < Limit) await Task.Delay(Look, time, CancellationToken.None);
    }

    private static bool AreUnderWay(Socket socket)
    {
        Span<byte> info = stackalloc byte[NotSent + sizeof(int)];
        try
        {
            return socket.GetRawSocketOption(TcpLevel, TcpInfo, info) >= info.Length
                && (BinaryPrimitives.ReadInt32LittleEndian(info[Unacknowledged..]) | BinaryPrimitives.ReadInt32LittleEndian(info[NotSent..])) != 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The client has gone already.
            return false;
        }
    }
}
