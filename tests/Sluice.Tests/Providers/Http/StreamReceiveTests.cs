using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class StreamReceiveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryReceive_BytesComeBeforeAndAfterTheWait_AreTakenOnce()
    {
        var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
        using var receive = new StreamReceive(pipe.Reader.AsStream());
        using var waiter = new CountedWaiter();
        var buffer = new byte[10];
        for (byte i = 0; i < 200; i++)
        {
            Assert.False(receive.TryReceive(buffer, out var count));
            Assert.True(receive.IsUnderWay);
            if (i % 2 == 0)
            {
                await pipe.Writer.WriteAsync(new[] { i }, Token);
                waiter.Begin(receive.Wait);
            }
            else
            {
                waiter.Begin(receive.Wait);
                Assert.False(receive.TryReceive(buffer, out _));
                await pipe.Writer.WriteAsync(new[] { i }, Token);
            }

            await waiter.ExecutedAsync();
            Assert.True(receive.TryReceive(default, out count));
            Assert.Equal([i], buffer[..count]);
            Assert.False(receive.IsUnderWay);
        }

        await pipe.Writer.WriteAsync(new byte[] { 1, 2 }, Token);
        Assert.True(receive.TryReceive(buffer, out var atOnce));
        Assert.Equal([1, 2], buffer[..atOnce]);
        await pipe.Writer.CompleteAsync();
        Assert.True(receive.TryReceive(buffer, out atOnce));
        Assert.Equal(0, atOnce);
        Assert.Equal(200, waiter.Count);
        Assert.False(waiter.WasInside);
    }

    [Fact]
    public async Task TryReceive_Tls_LosesNothing()
    {
        const int Length = 300_000;
        await using var pair = await TlsPair.ConnectAsync();
        using var receive = new StreamReceive(pair.Client);
        using var waiter = new CountedWaiter();
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < Length;)
            {
                var piece = Enumerable.Range(i, Math.Min(Length - i, 1 + (i % 3000))).Select(at => (byte)(at * 31 >> 3)).ToArray();
                await pair.Server.WriteAsync(piece, Token);
                i += piece.Length;
            }

            await pair.Server.ShutdownAsync();
        }, Token);
        var buffer = new byte[1000];
        var (received, waits, count) = (0, 0, 0);
        do
        {
            if (!receive.TryReceive(buffer, out count))
            {
                waits++;
                waiter.Begin(receive.Wait);
                await waiter.ExecutedAsync();
                Assert.True(receive.TryReceive(buffer, out count));
            }

            Assert.All(buffer[..count], value => Assert.Equal((byte)(received++ * 31 >> 3), value));
        }
        while (count > 0);
        await sending.Soon();
        Assert.Equal(Length, received);
        Assert.Equal(waits, waiter.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryReceive_TheConnectionBreaks_IsAnIOException(bool isOurs)
    {
        await using var pair = await TlsPair.ConnectAsync();
        using var receive = new StreamReceive(pair.Client);
        using var waiter = new CountedWaiter();
        Assert.False(receive.TryReceive(new byte[10], out _));
        waiter.Begin(receive.Wait);
        pair.Break(isOurs);
        await waiter.ExecutedAsync();
        Assert.Throws<IOException>(() => receive.TryReceive(new byte[10], out _));
        Assert.False(receive.IsUnderWay);
        Assert.Equal(1, waiter.Count);
    }

    [Fact]
    public async Task TryReceive_TheSocketIsClosedBefore_IsAnIOException()
    {
        await using var pair = await TlsPair.ConnectAsync();
        using var receive = new StreamReceive(pair.Client);
        pair.Break(isOurs: true);
        using var waiter = new CountedWaiter();
        Assert.Throws<IOException>(() => receive.TryReceive(new byte[10], out _));
        Assert.False(receive.IsUnderWay);
    }

    private sealed class TlsPair(Socket clientSocket, Socket serverSocket) : IAsyncDisposable
    {
        public SslStream Client { get; } = new(new NetworkStream(clientSocket, ownsSocket: true));

        public SslStream Server { get; } = new(new NetworkStream(serverSocket, ownsSocket: true));

        public static async Task<TlsPair> ConnectAsync()
        {
            using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            listener.Listen();
            var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(listener.LocalEndPoint!);
            var pair = new TlsPair(client, await listener.AcceptAsync());
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=here", key, HashAlgorithmName.SHA256);
            using var certificate = request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
            var asServer = pair.Server.AuthenticateAsServerAsync(certificate);
            await pair.Client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "here",
                RemoteCertificateValidationCallback = (_, shown, _, _) => shown!.Equals(certificate),
            }).Soon();
            await asServer.Soon();

            // What TLS 1.3 says behind its handshake is read here, and not in the middle of a test.
            await pair.Server.WriteAsync(new byte[1], Token);
            await pair.Client.ReadExactlyAsync(new byte[1], Token).Soon();
            return pair;
        }

        public void Break(bool isOurs)
        {
            if (isOurs)
            {
                clientSocket.Dispose();
                return;
            }

            serverSocket.LingerState = new LingerOption(true, 0);
            serverSocket.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            await Client.DisposeAsync();
            serverSocket.Dispose();
            await Server.DisposeAsync();
        }
    }
}
