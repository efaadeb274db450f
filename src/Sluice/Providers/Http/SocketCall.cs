using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace Sluice.Providers.Http;

/// <summary>One connect or one send of a socket, gone when it is over.</summary>
/// <remarks>A socket's own methods keep what a call needed, some 600 bytes, for the next one. An upstream is written to once per answer, and then read for as long as that lasts.</remarks>
internal sealed class SocketCall() : SocketAsyncEventArgs(true), IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _over;

    /// <summary>Connects a socket.</summary>
    /// <exception cref="SocketException">It cannot be connected.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the socket can no longer be used.</exception>
    public static async ValueTask ConnectAsync(Socket socket, EndPoint endPoint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var call = new SocketCall { RemoteEndPoint = endPoint };
        if (socket.ConnectAsync(call))
        {
            // Not the socket's end alone: the wait may be one for a name's addresses.
            using var registration = cancellationToken.UnsafeRegister(static call => Socket.CancelConnectAsync((SocketCall)call!), call);
            await call.OverAsync();
        }

        call.ThrowIfFailed(cancellationToken);
    }

    /// <summary>Sends bytes, all of them.</summary>
    /// <exception cref="SocketException">The connection broke.</exception>
    /// <exception cref="OperationCanceledException">Cancelled: the socket can no longer be used.</exception>
    public static async ValueTask SendAsync(Socket socket, Memory<byte> bytes, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var call = new SocketCall();
        call.SetBuffer(bytes);
        if (socket.SendAsync(call))
        {
            using var registration = cancellationToken.UnsafeRegister(static socket => ((Socket)socket!).Dispose(), socket);
            await call.OverAsync();
        }

        call.ThrowIfFailed(cancellationToken);
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => _over.SetResult(true);

    private ValueTask OverAsync() => new(this, _over.Version);

    private void ThrowIfFailed(CancellationToken cancellationToken)
    {
        if (SocketError != SocketError.Success)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new SocketException((int)SocketError);
        }
    }

    void IValueTaskSource.GetResult(short token) => _over.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _over.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _over.OnCompleted(continuation, state, token, flags);
}
