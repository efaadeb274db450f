using System.Net.Sockets;

namespace Sluice.Providers.Http;

/// <summary>Receives from a socket. Whoever waits goes on inside the socket's own callback.</summary>
/// <param name="socket">The socket. Closing it ends a receive.</param>
internal sealed class SocketReceive(Socket socket) : SocketAsyncEventArgs(true), IReceive
{
    private static readonly IThreadPoolWorkItem s_hasCome = new HasCome();

    // Nobody yet; who waits; or that it has come. Callback and reader may get here at the same time.
    private IThreadPoolWorkItem? _waiter;

    /// <summary>Whether a receive has begun whose outcome has not been taken.</summary>
    public bool IsUnderWay { get; private set; }

    /// <inheritdoc/>
    public bool TryReceive(Memory<byte> buffer, out int count)
    {
        if (IsUnderWay ? Volatile.Read(ref _waiter) != s_hasCome : Begin(buffer))
        {
            count = 0;
            return false;
        }

        IsUnderWay = false;
        count = SocketError == SocketError.Success
            ? BytesTransferred
            : throw new IOException("The connection broke.", new SocketException((int)SocketError));
        return true;
    }

    /// <inheritdoc/>
    public void Wait(IThreadPoolWorkItem waiter)
    {
        if (Interlocked.CompareExchange(ref _waiter, waiter, null) is not null)
        {
            // It has come since. Not from here: whoever goes on may wait again, and so on, ever deeper in the stack.
            ThreadPool.UnsafeQueueUserWorkItem(waiter, preferLocal: false);
        }
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Interlocked.Exchange(ref _waiter, s_hasCome)?.Execute();

    private bool Begin(Memory<byte> buffer)
    {
        _waiter = null;
        SetBuffer(buffer);
        try
        {
            return IsUnderWay = socket.ReceiveAsync(this);
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("The connection has been closed.", e);
        }
    }

    private sealed class HasCome : IThreadPoolWorkItem
    {
        public void Execute() => throw new InvalidOperationException("Nobody waits.");
    }
}
