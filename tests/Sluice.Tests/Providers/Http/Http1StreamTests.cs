using System.Net;
using System.Net.Sockets;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1StreamTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Http1StreamTests() => _listener.Start();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(8_000_000)]
    public async Task WriteAsync_AllOfItArrives(int length)
    {
        var sent = Enumerable.Range(0, length).Select(i => (byte)(i * 31 >> 3)).ToArray();
        await using var stream = new Http1Stream(await ConnectAsync());
        using var peer = await _listener.AcceptTcpClientAsync(Token);
        var writing = WriteAsync();
        using var read = new MemoryStream();
        await peer.GetStream().CopyToAsync(read, Token).Soon();
        await writing.Soon();
        Assert.True(read.ToArray().AsSpan().SequenceEqual(sent));

        async Task WriteAsync()
        {
            await stream.WriteAsync(sent.AsMemory(0, length / 2), Token);
#pragma warning disable CA1835 // The older overload is there, too.
            await stream.WriteAsync(sent, length / 2, length - (length / 2), Token);
#pragma warning restore CA1835
            stream.Socket.Shutdown(SocketShutdown.Send);
        }
    }

    [Fact]
    public async Task WriteAsync_NobodyReadsAndItIsCancelled_Ends()
    {
        using var cancel = new CancellationTokenSource();
        await using var stream = new Http1Stream(await ConnectAsync());
        using var peer = await _listener.AcceptTcpClientAsync(Token);
        var writing = stream.WriteAsync(new byte[64 * 1024 * 1024], cancel.Token).AsTask();
        Assert.False(writing.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.Soon());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await stream.WriteAsync(new byte[1], cancel.Token));
    }

    [Fact]
    public async Task WriteAsync_TheConnectionIsBroken_IsAnIOException()
    {
        var socket = await ConnectAsync();
        await using var stream = new Http1Stream(socket);
        using (var peer = await _listener.AcceptTcpClientAsync(Token))
        {
            peer.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        await Assert.ThrowsAsync<IOException>(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await stream.WriteAsync(new byte[1000], Token);
            }
        });
        socket.Dispose();
        await Assert.ThrowsAsync<IOException>(async () => await stream.WriteAsync(new byte[1], Token));
    }

    [Fact]
    public async Task ConnectAsync_Refused_SaysSo()
    {
        var port = Port;
        _listener.Stop();
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var exception = await Assert.ThrowsAsync<SocketException>(async () => await SocketCall.ConnectAsync(socket, new IPEndPoint(IPAddress.Loopback, port), Token));
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
    }

    [Fact]
    public async Task ConnectAsync_CancelledWhileNobodyAccepts_Ends()
    {
        // A queue for one connection, and it is full: the next one's handshake is not answered.
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(0);
        var sockets = new List<Socket>();
        using var cancel = new CancellationTokenSource();
        Task connecting;
        do
        {
            sockets.Add(new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));
            connecting = SocketCall.ConnectAsync(sockets[^1], listener.LocalEndPoint!, cancel.Token).AsTask();
            await Task.WhenAny(connecting, Task.Delay(200, Token));
        }
        while (connecting.IsCompleted);

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting.Soon());
        sockets.ForEach(static socket => socket.Dispose());
    }

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await SocketCall.ConnectAsync(socket, new DnsEndPoint("localhost", Port, AddressFamily.InterNetwork), Token);
        return socket;
    }
}
