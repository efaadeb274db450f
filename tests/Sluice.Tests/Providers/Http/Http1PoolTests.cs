using Microsoft.Extensions.Time.Testing;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1PoolTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi", true)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n", "hi", true)]
    [InlineData("HTTP/1.1 204 No Content\r\n\r\n", "", true)]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n", "", true)]
    [InlineData("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", "hi", true)]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nhi", "hi", false)]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi", "hi", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", "hi", false)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi!", "hi", false)]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", "hi", false)]
    public async Task Answer_ReadToItsEnd_GivesItsConnectionToTheNext_IfItMay(string reply, string text, bool isUsedAgain)
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8(reply));
        using var call = new Http1Call(upstream);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(text, await call.TextAsync());
        }

        Assert.Equal(isUsedAgain ? 1 : 4, upstream.Connections);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Answer_NotReadToItsEnd_ClosesItsConnectionAtOnce(int read)
    {
        using var closed = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi");
            await connection.ClosedAsync();
            closed.Release();
        });
        using var call = new Http1Call(upstream);
        for (var i = 1; i <= 3; i++)
        {
            using (var response = await call.GetAsync())
            {
                var body = await response.Content.ReadAsStreamAsync(Token);
                await body.ReadExactlyAsync(new byte[read], Token).Soon();
            }

            await closed.WaitAsync(Token).Soon();
            Assert.Equal(i, upstream.Connections);
        }
    }

    [Fact]
    public async Task Answer_WholeButItsEndNotSeen_ClosesItsConnection()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"));
        using var call = new Http1Call(upstream);
        for (var i = 1; i <= 3; i++)
        {
            using var response = await call.GetAsync();
            await (await response.Content.ReadAsStreamAsync(Token)).ReadExactlyAsync(new byte[2], Token).Soon();
            Assert.Equal(i, upstream.Connections);
        }
    }

    [Fact]
    public async Task Answers_AtTheSameTime_HaveAConnectionEach_AndGiveThemAllBack()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        using var call = new Http1Call(upstream);
        for (var round = 0; round < 3; round++)
        {
            var responses = new List<HttpResponseMessage>();
            for (var i = 0; i < 5; i++)
            {
                responses.Add(await call.GetAsync());
            }

            foreach (var response in responses)
            {
                Assert.Equal("hi", await Http1Call.TextAsync(response));
                response.Dispose();
            }
        }

        Assert.Equal(5, upstream.Connections);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    [InlineData("HTTP/1.1 408 Request Timeout\r\n\r\n")]
    public async Task RentAsync_UpstreamClosedOrSpokeUnasked_IsANewConnection(string what)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connections = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await go.Task.WaitAsync(connection.Stopped);
            if (Interlocked.Increment(ref connections) > 1)
            {
                await connection.ClosedAsync();
            }
            else if (what == "reset")
            {
                connection.Reset();
            }
            else if (what != "close")
            {
                await connection.WriteAsync(what);
                await connection.ClosedAsync();
            }
        });
        using var pool = new Http1Pool(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), TimeProvider.System);
        var first = await pool.RentAsync(Token);
        pool.Return(first);
        Assert.Same(first, await pool.RentAsync(Token));
        go.SetResult();
        await Within.UntilAsync(() => !first.IsQuiet());
        pool.Return(first);

        var second = await pool.RentAsync(Token);

        Assert.NotSame(first, second);
        second.Close();
    }

    [Fact]
    public async Task RentAsync_ConnectionWasAborted_IsANewConnection()
    {
        await using var upstream = new ScriptedUpstream(connection => connection.ClosedAsync());
        using var pool = new Http1Pool(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), TimeProvider.System);
        var first = await pool.RentAsync(Token);
        pool.Return(first);
        first.Abort();
        var second = await pool.RentAsync(Token);
        Assert.NotSame(first, second);
        second.Close();
    }

    [Fact]
    public async Task RentAsync_ConnectionIsFiveMinutesOld_IsANewConnection()
    {
        using var closed = new SemaphoreSlim(0);
        await using var upstream = Watching(closed);
        var time = new FakeTimeProvider();
        using var pool = new Http1Pool(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), time);
        var first = await pool.RentAsync(Token);
        for (var seconds = 0; seconds < 5 * 60; seconds += 50)
        {
            pool.Return(first);
            time.Advance(TimeSpan.FromSeconds(seconds == 0 ? 49 : 50));
            Assert.Same(first, await pool.RentAsync(Token));
        }

        time.Advance(TimeSpan.FromSeconds(1));
        pool.Return(first);
        var second = await pool.RentAsync(Token);
        Assert.NotSame(first, second);
        await closed.WaitAsync(Token).Soon();
        second.Close();
    }

    [Fact]
    public async Task Sweep_ConnectionsIdleForAMinute_AreClosed()
    {
        using var closed = new SemaphoreSlim(0);
        await using var upstream = Watching(closed);
        var time = new FakeTimeProvider();
        using var pool = new Http1Pool(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), time);
        var (first, second, third) = (await pool.RentAsync(Token), await pool.RentAsync(Token), await pool.RentAsync(Token));
        pool.Return(first);
        time.Advance(TimeSpan.FromSeconds(30));
        pool.Return(second);
        pool.Return(third);

        time.Advance(TimeSpan.FromSeconds(30));
        await closed.WaitAsync(Token).Soon();
        Assert.False(first.IsQuiet());
        Assert.True(second.IsQuiet() && third.IsQuiet());
        Assert.Same(third, await pool.RentAsync(Token));

        time.Advance(TimeSpan.FromSeconds(30));
        await closed.WaitAsync(Token).Soon();
        Assert.False(second.IsQuiet());

        pool.Return(third);
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.True(third.IsQuiet());
        time.Advance(TimeSpan.FromSeconds(1));
        await closed.WaitAsync(Token).Soon();
        Assert.Equal(3, upstream.Connections);
    }

    [Fact]
    public async Task Dispose_WhileAnswersRun_IdleOnesCloseNowAndTheOthersWithTheirAnswers()
    {
        using var closed = new SemaphoreSlim(0);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var connections = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            var isFirst = Interlocked.Increment(ref connections) == 1;
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhi");
            if (isFirst)
            {
                await finish.Task.WaitAsync(connection.Stopped);
            }

            await connection.WriteAsync("ho");
            await connection.ClosedAsync();
            closed.Release();
        });
        using var call = new Http1Call(upstream);
        using var running = await call.GetAsync();
        Assert.Equal("hiho", await call.TextAsync());

        call.Dispose();

        await closed.WaitAsync(Token).Soon();
        finish.SetResult();
        Assert.Equal("hiho", await Http1Call.TextAsync(running));
        running.Dispose();
        await closed.WaitAsync(Token).Soon();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => call.GetAsync());
    }

    private static ScriptedUpstream Watching(SemaphoreSlim closed) => new(async connection =>
    {
        await connection.ClosedAsync();
        closed.Release();
    });
}
