using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Sluice.Tests.Providers;

/// <summary>An upstream on a raw socket: it writes exactly the bytes that its script says, in exactly these pieces.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Task> _scripts = [];
    private readonly Task _accepting;
    private int _connections;

    /// <param name="script">Run once for each connection; the connection closes with its end.</param>
    public ScriptedUpstream(Func<UpstreamConnection, Task> script)
    {
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync(script);
    }

    public int Port { get; }

    public Uri BaseUrl => new($"http://127.0.0.1:{Port}/v1");

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Answers every request, over and over on one connection, with the same bytes.</summary>
    public static ScriptedUpstream Answering(params byte[][] pieces) => new(async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
        {
            foreach (byte[] piece in pieces)
                await connection.WriteAsync(piece);
        }
    });

    /// <summary>Answers one request with the bytes, and closes.</summary>
    public static ScriptedUpstream AnsweringOnce(params byte[][] pieces) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        foreach (byte[] piece in pieces)
            await connection.WriteAsync(piece);
    });

    /// <summary>Ends all scripts and shows their failures.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_scripts);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<UpstreamConnection, Task> script)
    {
        try
        {
            while (true)
            {
                Socket socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                _scripts.Add(RunAsync(script, socket));
            }
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over.
        }
    }

    private async Task RunAsync(Func<UpstreamConnection, Task> script, Socket socket)
    {
        await using var connection = new UpstreamConnection(socket, _stop.Token);
        try
        {
            await script(connection);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The client has left, which is what many tests are about, or the test is over.
        }
    }
}
