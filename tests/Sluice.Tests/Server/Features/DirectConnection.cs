using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

/// <summary>A connection that is written to directly, a transport like the server's behind it, and its client. Every byte tells where it belongs.</summary>
internal sealed class DirectConnection : IAsyncDisposable
{
    private readonly Pipe _pipe;
    private readonly Socket _client;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Task _transport;
    private TaskCompletionSource _mayGoOn = new();

    private DirectConnection(Socket server, Socket client, PipeScheduler scheduler)
    {
        _pipe = new Pipe(new PipeOptions(readerScheduler: scheduler, writerScheduler: scheduler, pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false));
        _client = client;
        _mayGoOn.SetResult();
        server.Blocking = false;
        Server = server;
        Piped = new TalliedPipeWriter(_pipe.Writer);
        Output = new DirectOutput(server, Piped);
        _transport = TransportAsync();
    }

    public Socket Server { get; }

    public DirectOutput Output { get; }

    /// <summary>The transport's own way.</summary>
    public TalliedPipeWriter Piped { get; }

    /// <summary>How the transport failed, if it has.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>How many bytes have been written, and how many the client has read.</summary>
    public long Written { get; private set; }

    public long Received { get; private set; }

    /// <summary>Over TCP.</summary>
    public static async Task<DirectConnection> TcpAsync(int sendBuffer = 0, int receiveBuffer = 0, PipeScheduler? scheduler = null)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0)
        {
            client.ReceiveBufferSize = receiveBuffer;
        }

        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return await ConnectAsync(listener, client, sendBuffer, scheduler);
    }

    /// <summary>Over a socket of the file system, which takes parts of what it is given.</summary>
    public static async Task<DirectConnection> UnixAsync(int sendBuffer = 0, PipeScheduler? scheduler = null)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        listener.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            return await ConnectAsync(listener, new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), sendBuffer, scheduler);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>The transport sends nothing until it is told to go on.</summary>
    public void Hold() => _mayGoOn = new TaskCompletionSource();

    /// <summary>The transport goes on.</summary>
    public void GoOn() => _mayGoOn.SetResult();

    /// <summary>Writes the next bytes into what the output gives.</summary>
    public void Write(int count, int sizeHint = 0)
    {
        while (count > 0)
        {
            var memory = Output.GetMemory(sizeHint);
            Assert.True(memory.Length >= Math.Max(sizeHint, 1));
            var length = Math.Min(memory.Length, count);
            Fill(memory.Span[..length]);
            Output.Advance(length);
            count -= length;
        }
    }

    /// <summary>Writes the next bytes as whoever has them already does.</summary>
    public void WriteCopy(int count) => Output.Write(Next(count));

    public Task<FlushResult> FlushAsync() => Output.FlushAsync(TestContext.Current.CancellationToken).AsTask();

    /// <summary>Writes and flushes the next bytes.</summary>
    public Task<FlushResult> WriteAsync(int count) => Output.WriteAsync(Next(count), TestContext.Current.CancellationToken).AsTask();

    /// <summary>Writes and flushes what has to go out at once.</summary>
    public void WriteAtOnce(int count)
    {
        var flush = WriteAsync(count);
        Assert.True(flush.IsCompletedSuccessfully);
        Assert.Equal(default, flush.GetAwaiter().GetResult());
    }

    /// <summary>Writes as long as a flush does not wait for the client.</summary>
    /// <returns>The one that waits.</returns>
    public Task<FlushResult> WriteUntilItWaitsAsync(int count)
    {
        while (true)
        {
            var flush = WriteAsync(count);
            if (!flush.IsCompleted)
            {
                return flush;
            }

            Assert.Equal(default, flush.GetAwaiter().GetResult());
        }
    }

    /// <summary>The client reads some bytes, if any are there.</summary>
    public bool TryReceive(int max = int.MaxValue)
    {
        if (_client.Available == 0)
        {
            return false;
        }

        Check(_client.Receive(_buffer, 0, Math.Min(max, _buffer.Length), SocketFlags.None));
        return true;
    }

    /// <summary>The client reads until a flush is over.</summary>
    public async Task<FlushResult> ReceiveUntilAsync(Task<FlushResult> flush, int max = int.MaxValue)
    {
        await Within.UntilAsync(() =>
        {
            TryReceive(max);
            return flush.IsCompleted;
        });
        return await flush;
    }

    /// <summary>The client reads all that was written.</summary>
    public async Task ReceiveAllAsync()
    {
        while (Received < Written)
        {
            var count = await ReceiveAsync();
            Assert.True(count > 0, $"The connection ended after {Received} of {Written} bytes.");
            Check(count);
        }

        Assert.Equal(0, _client.Available);
    }

    /// <summary>The client reads all that was written, and the end.</summary>
    public async Task ReceiveToEndAsync()
    {
        await ReceiveAllAsync();
        Assert.Equal(0, await ReceiveAsync());
    }

    /// <summary>The client closes, in order or with a reset.</summary>
    public void Leave(bool isReset)
    {
        if (isReset)
        {
            _client.LingerState = new LingerOption(true, 0);
        }

        _client.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        Server.Dispose();
        _mayGoOn.TrySetResult();
        Output.Complete();
        await _transport.Soon();
    }

    private static async Task<DirectConnection> ConnectAsync(Socket listener, Socket client, int sendBuffer, PipeScheduler? scheduler)
    {
        listener.Listen();
        await client.ConnectAsync(listener.LocalEndPoint!);
        var server = await listener.AcceptAsync();
        if (sendBuffer > 0)
        {
            server.SendBufferSize = sendBuffer;
        }

        return new DirectConnection(server, client, scheduler ?? PipeScheduler.Inline);
    }

    private static byte At(long position) => (byte)((ulong)position * 0x9E3779B97F4A7C15 >> 40);

    private Task<int> ReceiveAsync() => _client.ReceiveAsync(_buffer, TestContext.Current.CancellationToken).AsTask().Soon();

    private byte[] Next(int count)
    {
        var bytes = new byte[count];
        Fill(bytes);
        return bytes;
    }

    private void Fill(Span<byte> bytes)
    {
        foreach (ref var place in bytes)
        {
            place = At(Written++);
        }
    }

    private void Check(int count)
    {
        foreach (var value in _buffer.AsSpan(0, count))
        {
            if (value != At(Received++))
            {
                Assert.Fail($"Another byte than the one that was written comes at {Received - 1}.");
            }
        }
    }

    private async Task TransportAsync()
    {
        var reader = _pipe.Reader;
        try
        {
            ReadResult read;
            do
            {
                read = await reader.ReadAsync();
                await _mayGoOn.Task;
                foreach (var piece in read.Buffer)
                {
                    for (var rest = piece; !rest.IsEmpty;)
                    {
                        rest = rest[await Server.SendAsync(rest)..];
                    }
                }

                reader.AdvanceTo(read.Buffer.End);
            }
            while (!read.IsCompleted);
            Server.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e)
        {
            Failure = e;
        }

        await reader.CompleteAsync();
    }
}
