using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.EndToEnd.Http;

/// <summary>A connection on which any bytes may be sent.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0), NoDelay = true };
    private readonly StringBuilder _seen = new();
    private readonly byte[] _buffer = new byte[16 * 1024];

    /// <summary>What has come so far, one character per byte.</summary>
    public string Seen => _seen.ToString();

    public static async Task<RawConnection> OpenAsync(Uri server)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port), TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Sends.</summary>
    /// <returns>False where the other side has closed.</returns>
    public async Task<bool> TrySendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _socket.SendAsync(bytes, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Reads until the other side closes, in whatever way.</summary>
    public async Task ReadToItsEndAsync()
    {
        while (await ReadAsync())
        {
        }
    }

    /// <summary>Reads until the other side closes; where it is silent for a while, it is told that nothing more will be sent, and closes then.</summary>
    public async Task ReadOrHangUpAsync(TimeSpan silence)
    {
        while (true)
        {
            var read = ReadAsync();
            try
            {
                if (!await read.WaitAsync(silence, TestContext.Current.CancellationToken))
                {
                    return;
                }
            }
            catch (TimeoutException)
            {
                HangUp();
                while (await read)
                {
                    read = ReadAsync();
                }

                return;
            }
        }
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void HangUp()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Closed by the other side in this very moment.
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<bool> ReadAsync()
    {
        try
        {
            var count = await _socket.ReceiveAsync(_buffer, TestContext.Current.CancellationToken);
            _seen.Append(Encoding.Latin1.GetString(_buffer, 0, count));
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
