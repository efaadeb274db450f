using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Sluice.Tests.Support;

/// <summary>A connection that shows the bytes as they are.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly MemoryStream _seen = new();

    private RawClient(Socket socket) => _socket = socket;

    /// <summary>Everything that has come so far.</summary>
    public string Seen => Encoding.UTF8.GetString(_seen.ToArray());

    /// <summary>What has come behind the headers.</summary>
    public string Body => Seen[(Seen.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    public static async Task<RawClient> ConnectAsync(SluiceHost host, int? receiveBuffer = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer is { } bytes)
        {
            socket.ReceiveBufferSize = bytes;
        }

        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, host.Port));
        return new RawClient(socket);
    }

    public async Task SendAsync(string text) => await _socket.SendAsync(Encoding.UTF8.GetBytes(text));

    public Task GetAsync(string path, string headers = "") => SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");

    public Task PostAsync(string path, string body, string headers = "") =>
        SendAsync($"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}");

    /// <summary>Reads until a text has come.</summary>
    public async Task ReadUntilAsync(string text)
    {
        var sought = Encoding.UTF8.GetBytes(text);
        var from = 0;
        while (_seen.GetBuffer().AsSpan(from, (int)_seen.Length - from).IndexOf(sought) < 0)
        {
            from = Math.Max(0, (int)_seen.Length - sought.Length);
            if (!await ReadAsync())
            {
                Assert.Fail($"The connection ended before `{text}`: {Seen}");
            }
        }
    }

    /// <summary>Reads until the server has closed.</summary>
    public async Task<string> ReadToEndAsync()
    {
        while (await ReadAsync())
        {
        }

        return Seen;
    }

    /// <summary>Reads until the server has closed, in whatever way.</summary>
    public async Task ReadToItsEndAsync()
    {
        try
        {
            await ReadToEndAsync();
        }
        catch (SocketException)
        {
            // A reset is an end as well.
        }
    }

    /// <summary>Ends the connection with a reset.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose()
    {
        _socket.Dispose();
        _seen.Dispose();
    }

    private async Task<bool> ReadAsync()
    {
        var buffer = new byte[16 * 1024];
        var count = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken).AsTask().Soon();
        _seen.Write(buffer, 0, count);
        return count > 0;
    }
}
