using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Text;

namespace Sluice.Tests.Providers;

/// <summary>One accepted connection of a <see cref="ScriptedUpstream"/>.</summary>
internal sealed class UpstreamConnection : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationToken _stop;
    private byte[] _unread = [];

    public UpstreamConnection(Socket socket, CancellationToken stop)
    {
        _socket = socket;
        _socket.NoDelay = true;
        _stop = stop;
    }

    /// <summary>Cancelled when the test is over.</summary>
    public CancellationToken Stopped => _stop;

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, SocketFlags.None, _stop)..];
    }

    /// <summary>The next request, head and body as they came; null when the client has closed.</summary>
    public async Task<UpstreamRequest?> ReadRequestAsync()
    {
        List<byte> bytes = [.. _unread];
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            string text = Encoding.Latin1.GetString([.. bytes]);
            int end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0 && bytes.Count >= end + 4 + BodyLength(text[..end]))
            {
                int length = end + 4 + BodyLength(text[..end]);
                _unread = [.. bytes.Skip(length)];
                return new UpstreamRequest(text[..(end + 4)], [.. bytes.Take(length).Skip(end + 4)]);
            }

            int read = await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop);
            if (read == 0)
                return null;
            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The first bytes of whatever the client says next.</summary>
    public async Task<string> ReadSomeAsync()
    {
        byte[] buffer = new byte[1024];
        return Encoding.Latin1.GetString(buffer.AsSpan(0, await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop)));
    }

    /// <summary>Waits until the client's system has taken all that was written. A close that becomes a reset, since there is something unread, may overtake what is still under way.</summary>
    [SupportedOSPlatform("linux")]
    public async Task DeliveredAsync()
    {
        // struct tcp_info: what was sent and not acknowledged, and (as bytes) what was not even sent.
        const int Tcp = 6;
        const int TcpInfo = 11;
        const int Unacknowledged = 24;
        const int NotSent = 144;
        byte[] info = new byte[256];
        do
        {
            await Task.Yield();
            _stop.ThrowIfCancellationRequested();
            Assert.InRange(_socket.GetRawSocketOption(Tcp, TcpInfo, info), NotSent + sizeof(uint), info.Length);
        }
        while (BitConverter.ToUInt32(info, Unacknowledged) + BitConverter.ToUInt32(info, NotSent) > 0);
    }

    /// <summary>The bare bytes, for TLS on top.</summary>
    public Stream AsStream() => new NetworkStream(_socket);

    /// <summary>Completes when the client has closed its side, in order or not.</summary>
    public async Task ClosedAsync()
    {
        byte[] buffer = new byte[1024];
        try
        {
            while (await _socket.ReceiveAsync(buffer, SocketFlags.None, _stop) > 0)
            {
                // Whatever else it says is not asked for.
            }
        }
        catch (SocketException)
        {
            // A reset closes, too.
        }
    }

    /// <summary>Closes with RST.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private static int BodyLength(string head)
    {
        const string Name = "\r\nContent-Length: ";
        int at = head.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            return 0;
        string rest = head[(at + Name.Length)..];
        int end = rest.IndexOf('\r', StringComparison.Ordinal);
        return int.Parse(end < 0 ? rest : rest[..end], CultureInfo.InvariantCulture);
    }
}
