using System.Net;
using System.Net.Sockets;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class SocketReceiveTests : IAsyncLifetime
{
    private readonly byte[] _buffer = new byte[64];
    private readonly CountedWaiter _waiter = new();
    private Socket _socket = null!;
    private Socket _peer = null!;
    private SocketReceive _receive = null!;

    public async ValueTask InitializeAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await _socket.ConnectAsync(listener.LocalEndPoint!);
        _peer = await listener.AcceptAsync();
        _peer.NoDelay = true;
        _receive = new SocketReceive(_socket);
    }

    public ValueTask DisposeAsync()
    {
        _receive.Dispose();
        _socket.Dispose();
        _peer.Dispose();
        _waiter.Dispose();
        return default;
    }

    [Fact]
    public async Task TryReceive_BytesAreThere_TakesThemAtOnce()
    {
        await SendAsync(1, 2, 3);
        await Within.UntilAsync(() => _socket.Available == 3);
        Assert.True(_receive.TryReceive(_buffer.AsMemory(0, 2), out var count));
        Assert.Equal([1, 2], _buffer[..count]);
        Assert.True(_receive.TryReceive(_buffer, out count));
        Assert.Equal([3], _buffer[..count]);
        Assert.False(_receive.IsUnderWay);
    }

    [Fact]
    public async Task TryReceive_NothingIsThere_IsUnderWayUntilItIsTaken()
    {
        Assert.False(_receive.IsUnderWay);
        Assert.False(_receive.TryReceive(_buffer, out _));
        Assert.False(_receive.TryReceive(_buffer, out _));
        Assert.True(_receive.IsUnderWay);
        _waiter.Begin(_receive.Wait);
        Assert.False(_receive.TryReceive(_buffer, out _));
        await SendAsync(1, 2, 3);
        await _waiter.ExecutedAsync();
        Assert.True(_receive.IsUnderWay);

        // It is the buffer of the receive that began that counts.
        Assert.True(_receive.TryReceive(new byte[1], out var count));
        Assert.Equal([1, 2, 3], _buffer[..count]);
        Assert.False(_receive.IsUnderWay);
        Assert.Equal(1, _waiter.Count);
    }

    [Fact]
    public async Task TryReceive_HasComeWithoutAWait_TakesIt()
    {
        Assert.False(_receive.TryReceive(_buffer, out _));
        await SendAsync(5);
        var count = 0;
        await Within.UntilAsync(() => _receive.TryReceive(_buffer, out count));
        Assert.Equal([5], _buffer[..count]);

        // The next one is another wait.
        Assert.False(_receive.TryReceive(_buffer, out _));
        _waiter.Begin(_receive.Wait);
        Assert.Equal(0, _waiter.Count);
        await SendAsync(6);
        await _waiter.ExecutedAsync();
        Assert.True(_receive.TryReceive(_buffer, out count));
        Assert.Equal([6], _buffer[..count]);
    }

    [Fact]
    public async Task Wait_BytesComeAtTheSameTime_IsExecutedOnceAndNeverInside()
    {
        const int Rounds = 3000;
        var (waits, late) = (0, 0);
        for (var i = 0; i < Rounds; i++)
        {
            if (!_receive.TryReceive(_buffer, out var count))
            {
                // The bytes come before the wait, after it, and while it begins.
                var sending = i % 2 == 0 ? SendAsync((byte)i) : Task.Run(() => SendAsync((byte)i), TestContext.Current.CancellationToken);
                if (i % 4 < 2)
                {
                    await Within.UntilAsync(() => _receive.BytesTransferred > 0);
                    late++;
                }

                waits++;
                _waiter.Begin(_receive.Wait);
                await _waiter.ExecutedAsync();
                await sending;
                Assert.True(_receive.TryReceive(_buffer, out count));
            }

            Assert.Equal([(byte)i], _buffer[..count]);
        }

        Assert.Equal(Rounds, waits);
        Assert.Equal(waits, _waiter.Count);
        Assert.False(_waiter.WasInside);
        Assert.NotEqual(0, late);
    }

    [Fact]
    public async Task TryReceive_ManyOneAfterTheOther_LosesNothing()
    {
        const int Length = 200_000;
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Length;)
            {
                var piece = Enumerable.Range(i, Math.Min(Length - i, 1 + (i % 150))).Select(at => (byte)(at * 31 >> 3)).ToArray();
                await SendAsync(piece);
                i += piece.Length;
            }

            _peer.Shutdown(SocketShutdown.Send);
        }, TestContext.Current.CancellationToken);
        var (received, waits, count) = (0, 0, 0);
        do
        {
            if (!_receive.TryReceive(_buffer, out count))
            {
                waits++;
                _waiter.Begin(_receive.Wait);
                await _waiter.ExecutedAsync();
                Assert.True(_receive.TryReceive(_buffer, out count));
            }

            Assert.All(_buffer[..count], value => Assert.Equal((byte)(received++ * 31 >> 3), value));
        }
        while (count > 0);
        await sending.Soon();
        Assert.Equal(Length, received);
        Assert.Equal(waits, _waiter.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryReceive_ThePeerHasEnded_IsNothingAgainAndAgain(bool waits)
    {
        if (waits)
        {
            Assert.False(_receive.TryReceive(_buffer, out _));
            _waiter.Begin(_receive.Wait);
        }

        _peer.Shutdown(SocketShutdown.Send);
        await (waits ? _waiter.ExecutedAsync() : Within.UntilAsync(IsReadable));
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_receive.TryReceive(_buffer, out var count));
            Assert.Equal(0, count);
            Assert.False(_receive.IsUnderWay);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryReceive_TheConnectionBroke_IsAnIOException(bool waits)
    {
        if (waits)
        {
            Assert.False(_receive.TryReceive(_buffer, out _));
            _waiter.Begin(_receive.Wait);
        }

        _peer.LingerState = new LingerOption(true, 0);
        _peer.Dispose();
        await (waits ? _waiter.ExecutedAsync() : Within.UntilAsync(IsReadable));
        var exception = Assert.Throws<IOException>(() => _receive.TryReceive(_buffer, out _));
        Assert.Equal(SocketError.ConnectionReset, Assert.IsType<SocketException>(exception.InnerException).SocketErrorCode);
        Assert.False(_receive.IsUnderWay);
    }

    [Fact]
    public void TryReceive_TheSocketIsClosed_IsAnIOException()
    {
        _socket.Dispose();
        Assert.Throws<IOException>(() => _receive.TryReceive(_buffer, out _));
        Assert.False(_receive.IsUnderWay);
    }

    [Fact]
    public async Task TryReceive_TheSocketIsClosedWhileItWaits_IsAnIOException()
    {
        Assert.False(_receive.TryReceive(_buffer, out _));
        _waiter.Begin(_receive.Wait);
        _socket.Dispose();
        await _waiter.ExecutedAsync();
        Assert.Throws<IOException>(() => _receive.TryReceive(_buffer, out _));
        Assert.Throws<IOException>(() => _receive.TryReceive(_buffer, out _));
        Assert.Equal(1, _waiter.Count);
    }

    [Fact]
    public async Task Wait_TheSocketIsClosedBefore_IsExecuted()
    {
        Assert.False(_receive.TryReceive(_buffer, out _));
        _socket.Dispose();
        _waiter.Begin(_receive.Wait);
        await _waiter.ExecutedAsync();
        Assert.Throws<IOException>(() => _receive.TryReceive(_buffer, out _));
        Assert.False(_waiter.WasInside);
    }

    private bool IsReadable() => _socket.Poll(0, SelectMode.SelectRead);

    private async Task SendAsync(params byte[] bytes)
    {
        for (var rest = bytes.AsMemory(); !rest.IsEmpty;)
        {
            rest = rest[await _peer.SendAsync(rest)..];
        }
    }
}
