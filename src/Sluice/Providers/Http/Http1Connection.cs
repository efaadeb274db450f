using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Sluice.Diagnostics;

namespace Sluice.Providers.Http;

/// <summary>One connection to an upstream, and what has been read of it but not taken yet.</summary>
/// <remarks>One reader. <see cref="Abort"/> may be called from any thread at any time: it ends whatever waits.</remarks>
internal sealed class Http1Connection
{
    // What a stream holds while it waits, which is most of the time. A token is a few hundred bytes; who sends more at once gets a larger buffer until the next pause,
    // and waits with twice as much from the third time on: its tokens may be that large.
    private const int CalmBytes = 512;
    private const int RoomyBytes = 1024;
    private const int BurstBytes = 16 * 1024;
    private const int MaxOverflows = 2;

    private readonly Socket _socket;
    private readonly Stream _stream;
    private readonly IReceive _receive;
    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _wasFull;
    private int _overflows;
    private readonly UpstreamTraffic? _traffic;
    private long _received;
    private int _isClosed;

    private Http1Connection(Socket socket, Stream stream, long connectedAt, UpstreamTraffic? traffic)
    {
        _socket = socket;
        _stream = stream;
        _receive = stream is SslStream ? new StreamReceive(stream) : new SocketReceive(socket);
        ConnectedAt = connectedAt;
        _traffic = traffic;
        traffic?.Open();
    }

    /// <summary>When the connection was made, in the time provider's timestamps.</summary>
    public long ConnectedAt { get; }

    /// <summary>Since when it has served nobody, in the time provider's timestamps.</summary>
    public long IdleSince { get; set; }

    /// <summary>Where requests are written to.</summary>
    public Stream Output => _stream;

    /// <summary>What has been read and not been taken. Valid until the next read.</summary>
    public ReadOnlyMemory<byte> Unread => _buffer.AsMemory(_start, _end - _start);

    /// <summary>Connects, and speaks TLS where the origin is https.</summary>
    /// <exception cref="HttpRequestException">The host is unknown, refuses, or fails in TLS.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or not done in time.</exception>
    public static async Task<Http1Connection> ConnectAsync(Uri origin, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken, UpstreamTraffic? traffic = null)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var endPoint = EndPointOf(origin);
        var socket = endPoint.AddressFamily == AddressFamily.Unspecified ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        Stream? stream = null;
        try
        {
            socket.NoDelay = true;
            await SocketCall.ConnectAsync(socket, endPoint, both.Token);
            stream = new Http1Stream(socket);
            if (origin.Scheme == Uri.UriSchemeHttps)
            {
                var tls = new SslStream(stream);
                stream = tls;
                var options = new SslClientAuthenticationOptions { TargetHost = origin.IdnHost, ApplicationProtocols = [SslApplicationProtocol.Http11] };
                await tls.AuthenticateAsClientAsync(options, both.Token);
            }

            return new Http1Connection(socket, stream, time.GetTimestamp(), traffic);
        }
        catch (SocketException e)
        {
            Dispose(stream, socket);
            var isUnknown = e.SocketErrorCode is SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain;
            throw new HttpRequestException(isUnknown ? HttpRequestError.NameResolutionError : HttpRequestError.ConnectionError, "The upstream cannot be connected to.", e);
        }
        catch (Exception e) when (e is AuthenticationException or IOException)
        {
            Dispose(stream, socket);
            throw new HttpRequestException(HttpRequestError.SecureConnectionError, "TLS failed.", e);
        }
        catch
        {
            Dispose(stream, socket);
            throw;
        }
    }

    /// <summary>Whether nothing has come that was not taken. Where TLS filled the buffer to the brim, it may hold more.</summary>
    public bool IsDrained => _start == _end && !(_wasFull && _stream is SslStream);

    /// <summary>Whether an idle connection can serve another request: the upstream has neither closed it nor said anything unasked.</summary>
    public bool IsQuiet()
    {
        try
        {
            return _start == _end && !_socket.Poll(0, SelectMode.SelectRead);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>Takes bytes off the front of <see cref="Unread"/>.</summary>
    public void Take(int count) => _start += count;

    /// <summary>Whether a read is under way: the buffer may still be written into.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Adds what has come to <see cref="Unread"/>, or begins to read.</summary>
    /// <param name="any">False at the end of the connection.</param>
    /// <returns>False where nothing has come yet: <see cref="Wait"/> must follow, and then this once more.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public bool TryRead(out bool any)
    {
        if (!IsReading)
        {
            MakeRoom();
        }

        // Whatever is thrown, too, ends the read.
        IsReading = false;
        if (!_receive.TryReceive(_buffer.AsMemory(_end), out var count))
        {
            IsReading = true;
            any = false;
            return false;
        }

        any = count > 0;
        _end += count;
        _received += count;
        _wasFull = _end == _buffer.Length;
        _overflows += _wasFull && _end <= CalmBytes ? 1 : 0;
        return true;
    }

    /// <summary>Waits for the read that is under way.</summary>
    /// <param name="waiter">Executed once, when <see cref="TryRead"/> has something to say.</param>
    public void Wait(IThreadPoolWorkItem waiter) => _receive.Wait(waiter);

    /// <summary>The same as a task.</summary>
    /// <returns>False at the end of the connection.</returns>
    /// <exception cref="IOException">The connection broke.</exception>
    public async ValueTask<bool> ReadAsync()
    {
        bool any;
        while (!TryRead(out any))
        {
            var wait = new ReadWait();
            Wait(wait);
            await wait.Task;
        }

        return any;
    }

    /// <summary>Gives the buffer back, as long as nothing is read. The reader's.</summary>
    public void Rest()
    {
        if (_received > 0)
        {
            _traffic?.Receive(_received);
            _received = 0;
            _overflows = 0;
        }

        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _end = 0;
        }
    }

    /// <summary>Closes the connection and gives the buffer back. The reader's; where a read is under way, that fails, and nobody else gets its buffer.</summary>
    public void Close()
    {
        var isReading = IsReading;
        Abort();
        if (!isReading)
        {
            // What TLS holds goes, too.
            _stream.Dispose();
            _receive.Dispose();
            Rest();
        }

        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _traffic?.Close();
        }
    }

    /// <summary>Breaks the connection: whoever waits for it gets an exception. From any thread, at any time.</summary>
    public void Abort() => _socket.Dispose();

    private static EndPoint EndPointOf(Uri origin) => IPAddress.TryParse(origin.IdnHost, out var address)
        ? new IPEndPoint(address, origin.Port)
        : new DnsEndPoint(origin.IdnHost, origin.Port);

    private static void Dispose(Stream? stream, Socket socket)
    {
        stream?.Dispose();
        socket.Dispose();
    }

    // What is unread moves to the front. A buffer that was filled to the brim grows, one that was not shrinks.
    private void MakeRoom()
    {
        var unread = Unread;

        // An answer's head is larger than a token.
        var calm = _received == 0 || _overflows > MaxOverflows ? RoomyBytes : CalmBytes;
        var size = Math.Max(_wasFull ? BurstBytes : calm, unread.Length == _buffer.Length ? unread.Length * 2 : unread.Length);
        if (_buffer.Length == size || (!unread.IsEmpty && _buffer.Length > size))
        {
            unread.CopyTo(_buffer);
        }
        else
        {
            var old = _buffer;
            _buffer = ArrayPool<byte>.Shared.Rent(size);
            unread.CopyTo(_buffer);
            ArrayPool<byte>.Shared.Return(old);
        }

        (_start, _end) = (0, unread.Length);
    }
}
