using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Features;

public sealed class DirectOutputSettingsTests
{
    private const int LargeBytes = 4_000_000;
    private static readonly byte[] s_large = [.. Enumerable.Range(0, LargeBytes).Select(i => (byte)(i * 31 >> 3))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<bool, int> Ways => new() { { false, 1 }, { true, 1 }, { true, 2 } };

    [Fact]
    public async Task UseDirectOutput_TheAnswersEndIsNotFlushed_ItIsSentBeforeTheConnectionIsClosed()
    {
        await using var site = await DirectSite.StartAsync(async context =>
        {
            context.Response.ContentLength = 5;
            context.Response.Headers.Connection = "close";
            await context.Response.StartAsync();
            "whole"u8.CopyTo(context.Response.BodyWriter.GetSpan(5));
            context.Response.BodyWriter.Advance(5);
        });
        using var response = await site.GetAsync(HttpVersion.Version11);
        Assert.Equal("whole", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken).Soon());
    }

    [Fact]
    public async Task UseSluiceKestrel_EveryConnection_SendsDirectly()
    {
        object? output = null;
        await using var site = await DirectSite.StartAsync(http =>
        {
            output = http.Features.Get<IConnectionTransportFeature>()!.Transport.Output;
            return Task.CompletedTask;
        });
        using var response = await site.GetAsync(HttpVersion.Version11);
        Assert.IsType<DirectOutput>(output);
        Assert.Equal(1, site.Services.GetRequiredService<IOptions<SocketTransportOptions>>().Value.MaxWriteBufferSize);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Answer_OfSeveralMegabytes_IsWhole(bool isHttps, int version)
    {
        await using var site = await DirectSite.StartAsync(http => WriteLargeAsync(http, null), isHttps);
        for (var i = 0; i < 3; i++)
        {
            using var response = await site.GetAsync(new Version(version, version % 2));
            IsLarge(await response.Content.ReadAsByteArrayAsync(Token).Soon());
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Answer_TheClientReadsOnlyOnceTheServerWaits_IsWhole(bool isHttps, int version)
    {
        var waits = new TaskCompletionSource();
        await using var site = await DirectSite.StartAsync(http => WriteLargeAsync(http, waits), isHttps);
        using var response = await site.GetAsync(new Version(version, version % 2));
        await waits.Task.Soon();
        await using var body = await response.Content.ReadAsStreamAsync(Token);
        IsLarge(await ReadAsync(body.ReadAsync, LargeBytes));
    }

    [Fact]
    public async Task Answer_AClientWithHardlyAnyRoom_IsWhole()
    {
        var waits = new TaskCompletionSource();
        await using var site = await DirectSite.StartAsync(http => WriteLargeAsync(http, waits));
        using var socket = await ConnectAsync(site, receiveBuffer: 16 * 1024);
        await waits.Task.Soon();
        var seen = await ReadAsync((memory, token) => socket.ReceiveAsync(memory, token), int.MaxValue);
        IsLarge(seen.AsSpan(seen.AsSpan().IndexOf("\r\n\r\n"u8) + 4));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Answers_OnOneConnection_AreEachWhole(bool isHttps, int version)
    {
        var connections = new HashSet<string>(StringComparer.Ordinal);
        await using var site = await DirectSite.StartAsync(
            async http =>
            {
                lock (connections)
                {
                    connections.Add(http.Connection.Id);
                }

                var count = int.Parse(http.Request.Path.Value!.AsSpan(1), null);
                for (var i = 0; i < count; i++)
                {
                    await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes($"{i};"), http.RequestAborted);
                }
            },
            isHttps);
        for (var count = 0; count < 100; count++)
        {
            using var response = await site.GetAsync(new Version(version, version % 2), $"/{count}");
            Assert.Equal(string.Concat(Enumerable.Range(0, count).Select(i => $"{i};")), await response.Content.ReadAsStringAsync(Token).Soon());
        }

        Assert.Single(connections);
    }

    [Fact]
    public async Task Answers_SideBySideOnOneConnection_AreEachWhole()
    {
        await using var site = await DirectSite.StartAsync(http => WriteLargeAsync(http, null), isHttps: true);
        var bodies = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            using var response = await site.GetAsync(HttpVersion.Version20);
            return await response.Content.ReadAsByteArrayAsync(Token).Soon();
        })).Soon();
        Assert.All(bodies, body => IsLarge(body));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task RequestAborted_TheClientLeavesInMidAnswer_Fires(bool isHttps, int version)
    {
        var aborted = new TaskCompletionSource();
        await using var site = await DirectSite.StartAsync(http => WriteUntilAbortedAsync(http, 100, aborted), isHttps);
        using (var response = await site.GetAsync(new Version(version, version % 2)))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Token);
            Assert.Equal(1000, (await ReadAsync(body.ReadAsync, 1000)).Length);
            Assert.False(aborted.Task.IsCompleted);
        }

        await aborted.Task.Soon();
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(100, true)]
    [InlineData(100_000, false)]
    [InlineData(100_000, true)]
    public async Task RequestAborted_TheClientReadsNothingAndLeaves_Fires(int count, bool isReset)
    {
        var (waits, aborted) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await DirectSite.StartAsync(http => WriteUntilAbortedAsync(http, count, aborted, waits));
        using (var socket = await ConnectAsync(site, receiveBuffer: 16 * 1024))
        {
            await waits.Task.Soon();
            Assert.False(aborted.Task.IsCompleted);
            if (isReset)
            {
                socket.LingerState = new LingerOption(true, 0);
            }
        }

        await aborted.Task.Soon();
    }

    private static void IsLarge(ReadOnlySpan<byte> body) => Assert.True(body.SequenceEqual(s_large));

    // Pieces of every size, some of them flushed together.
    private static async Task WriteLargeAsync(HttpContext http, TaskCompletionSource? waits)
    {
        if (http.Request.Protocol == HttpProtocol.Http11)
        {
            http.Response.Headers.Connection = waits is null ? "keep-alive" : "close";
        }

        http.Response.ContentLength = LargeBytes;
        var rest = s_large.AsMemory();
        for (var i = 1; !rest.IsEmpty; i++)
        {
            var piece = rest[..Math.Min(rest.Length, i % 50 == 0 ? 200_000 : i * 37 % 9000)];
            rest = rest[piece.Length..];
            if (i % 5 == 0)
            {
                piece.CopyTo(http.Response.BodyWriter.GetMemory(piece.Length));
                http.Response.BodyWriter.Advance(piece.Length);
                continue;
            }

            var write = http.Response.BodyWriter.WriteAsync(piece, http.RequestAborted).AsTask();
            if (!write.IsCompleted)
            {
                waits?.TrySetResult();
            }

            Assert.False((await write).IsCompleted);
        }

        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static async Task WriteUntilAbortedAsync(HttpContext http, int count, TaskCompletionSource aborted, TaskCompletionSource? waits = null)
    {
        await using var registration = http.RequestAborted.Register(aborted.SetResult);

        // A write to a connection that was aborted before it does nothing, and says nothing.
        while (!aborted.Task.IsCompleted)
        {
            // The request runs inside its connection's receive loop: a handler that never lets go of the thread keeps that from seeing the client leave.
            await Task.Yield();
            var write = http.Response.BodyWriter.WriteAsync(new byte[count], CancellationToken.None).AsTask();
            if (!write.IsCompleted)
            {
                waits?.TrySetResult();
            }

            if ((await write).IsCompleted)
            {
                break;
            }
        }

        await aborted.Task;
    }

    private static async Task<Socket> ConnectAsync(DirectSite site, int receiveBuffer)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = receiveBuffer };
        await socket.ConnectAsync(IPAddress.Loopback, site.Port, Token);
        await socket.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Token);
        return socket;
    }

    // In pieces of every size, up to a length or the end.
    private static async Task<byte[]> ReadAsync(Func<Memory<byte>, CancellationToken, ValueTask<int>> read, int length)
    {
        using var seen = new MemoryStream();
        var buffer = new byte[40_000];
        for (var i = 1; seen.Length < length; i++)
        {
            var count = await read(buffer.AsMemory(0, Math.Min(length - (int)seen.Length, 1 + (i * 7919 % buffer.Length))), Token).AsTask().Soon();
            if (count == 0)
            {
                break;
            }

            seen.Write(buffer, 0, count);
        }

        return seen.ToArray();
    }
}
