using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1ConnectionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_NothingIsTaken_TheBufferGrowsAndKeepsEverything()
    {
        var sent = Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31 >> 3)).ToArray();
        await using var upstream = new ScriptedUpstream(connection => connection.WriteAsync(sent));
        var connection = await ConnectAsync(upstream);
        while (await connection.ReadAsync().AsTask().Soon())
        {
            Assert.True(connection.Unread.Span.SequenceEqual(sent.AsSpan(0, connection.Unread.Length)));
        }

        Assert.Equal(sent.Length, connection.Unread.Length);
        connection.Close();
        Assert.True(connection.Unread.IsEmpty);
    }

    [Fact]
    public async Task ReadAsync_BurstThenCalm_TheBufferGrowsAndShrinks()
    {
        using var next = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.WriteAsync(new byte[200_000]);
            while (true)
            {
                await next.WaitAsync(connection.Stopped);
                await connection.WriteAsync("a token");
            }
        });
        var connection = await ConnectAsync(upstream);
        var (total, largest) = (0, 0);
        while (total < 200_000)
        {
            Assert.True(await connection.ReadAsync().AsTask().Soon());
            largest = Math.Max(largest, Buffer(connection).Length);
            total += connection.Unread.Length;
            connection.Take(connection.Unread.Length);
        }

        Assert.Equal(16 * 1024, largest);
        for (var i = 0; i < 3; i++)
        {
            next.Release();
            Assert.True(await connection.ReadAsync().AsTask().Soon());
            Assert.Equal("a token", Encoding.ASCII.GetString(connection.Unread.Span));
            connection.Take(connection.Unread.Length);
        }

        Assert.Equal(512, Buffer(connection).Length);
        connection.Rest();
        Assert.Empty(Buffer(connection));
        connection.Close();
    }

    [Fact]
    public async Task ReadAsync_TokensAreLarge_AreReadAtOnceFromTheFourthOn()
    {
        using var next = new SemaphoreSlim(0);
        var token = new byte[600];
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.WriteAsync("a head");
            while (true)
            {
                await next.WaitAsync(connection.Stopped);
                await connection.WriteAsync(token);
            }
        });
        var connection = await ConnectAsync(upstream);
        Assert.True(await connection.ReadAsync().AsTask().Soon());
        connection.Take(connection.Unread.Length);
        for (var i = 0; i < 6; i++)
        {
            // The wait is what takes a buffer, so it begins before there is anything to read.
            var read = connection.ReadAsync();
            next.Release();
            Assert.True(await read.AsTask().Soon());
            Assert.Equal(i < 3 ? 512 : 600, connection.Unread.Length);
            while (connection.Unread.Length < token.Length)
            {
                Assert.True(await connection.ReadAsync().AsTask().Soon());
            }

            connection.Take(token.Length);
        }

        Assert.Equal(1024, Buffer(connection).Length);
        connection.Close();
    }

    [Fact]
    public async Task ReadAsync_PartIsTaken_TheRestMovesToTheFront()
    {
        using var next = new SemaphoreSlim(1);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            for (var i = 0; ; i++)
            {
                await next.WaitAsync(connection.Stopped);
                await connection.WriteAsync($"{i % 10}".PadRight(1000, '.'));
            }
        });
        var connection = await ConnectAsync(upstream);
        for (var i = 0; i < 50; i++)
        {
            var before = connection.Unread.ToArray();
            while (connection.Unread.Length < before.Length + 1000)
            {
                Assert.True(await connection.ReadAsync().AsTask().Soon());
            }

            Assert.Equal(before, connection.Unread[..before.Length].ToArray());
            Assert.Equal((byte)('0' + i % 10), connection.Unread.Span[before.Length]);
            connection.Take(before.Length + 990 - 7 * i % 11);
            next.Release();
        }

        Assert.InRange(Buffer(connection).Length, 1024, 2048);
        connection.Close();
    }

    [Theory]
    [InlineData("untrusted")]
    [InlineData("no tls")]
    [InlineData("closes")]
    public async Task ConnectAsync_TlsFails_IsASecureConnectionError(string what)
    {
        using var certificate = Certificate();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            if (what == "untrusted")
            {
                await using var tls = new SslStream(connection.AsStream());
                await tls.AuthenticateAsServerAsync(certificate).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
            else
            {
                await connection.ReadSomeAsync();
                await connection.WriteAsync(what == "no tls" ? "HTTP/1.1 400 Bad Request\r\n\r\n" : "");
            }
        });
        using var call = new Http1Call(new Uri($"https://127.0.0.1:{upstream.Port}"));
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.GetAsync());
        Assert.Equal(HttpRequestError.SecureConnectionError, exception.HttpRequestError);
    }

    [Fact]
    public async Task ConnectAsync_NobodyListens_IsAConnectionError()
    {
        int port;
        await using (var upstream = ScriptedUpstream.Answering())
        {
            port = upstream.Port;
        }

        using var call = new Http1Call(new Uri($"http://127.0.0.1:{port}"));
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.GetAsync());
        Assert.Equal(HttpRequestError.ConnectionError, exception.HttpRequestError);
    }

    [Fact]
    public async Task ConnectAsync_HostIsUnknown_IsANameResolutionError()
    {
        using var call = new Http1Call(new Uri("http://no-such-host.invalid"));
        var exception = await Assert.ThrowsAsync<HttpRequestException>(() => call.GetAsync());
        Assert.Equal(HttpRequestError.NameResolutionError, exception.HttpRequestError);
    }

    [Fact]
    public async Task ConnectAsync_Ipv6_IsReached()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "No IPv6 here.");
        using var listener = new TcpListener(System.Net.IPAddress.IPv6Loopback, 0);
        listener.Start();
        using var call = new Http1Call(new Uri($"http://{listener.LocalEndpoint}"));
        var asking = call.TextAsync();
        await using var connection = new UpstreamConnection(await listener.AcceptSocketAsync(Token), Token);
        var request = await connection.ReadRequestAsync();
        await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        Assert.Equal("hi", await asking);
        Assert.Contains($"\r\nHost: {listener.LocalEndpoint}\r\n", request!.Head, StringComparison.Ordinal);
    }

    private static Task<Http1Connection> ConnectAsync(ScriptedUpstream upstream) =>
        Http1Connection.ConnectAsync(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), TimeProvider.System, Token);

    private static byte[] Buffer(Http1Connection connection) =>
        MemoryMarshal.TryGetArray(connection.Unread, out var segment) ? segment.Array! : throw new InvalidOperationException("No array.");

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return request.CreateSelfSigned(new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero), new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
