using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1CancellationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData("HTTP/1.1 100 Continue\r\n\r\n")]
    public async Task Cancelled_WhileTheHeadIsWaitedFor_EndsAndCloses(string before)
    {
        var (there, closed) = (Source(), Source());
        await using var upstream = Hanging(before, there, closed);
        using var cancel = new CancellationTokenSource();
        using var call = new Http1Call(upstream);
        var asking = call.GetAsync(cancel.Token);
        await there.Task.Soon();
        Assert.False(asking.IsCompleted);
        await cancel.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(cancel.Token, exception.CancellationToken);
        await closed.Task.Soon();
    }

    [Fact]
    public async Task Cancelled_WhileALargeBodyIsWrittenThatNobodyReads_EndsAndCloses()
    {
        var (there, cancelled, closed) = (Source(), Source(), Source());
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadSomeAsync();
            there.SetResult();
            await cancelled.Task.WaitAsync(connection.Stopped);
            await connection.ClosedAsync();
            closed.SetResult();
        });
        using var cancel = new CancellationTokenSource();
        using var call = new Http1Call(upstream);
        var asking = call.PostAsync(new byte[50_000_000], cancel.Token);
        await there.Task.Soon();
        Assert.False(asking.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        cancelled.SetResult();
        await closed.Task.Soon();
    }

    [Fact]
    public async Task Cancelled_WhileConnecting_Ends()
    {
        using var full = await FullListenerAsync();
        using var cancel = new CancellationTokenSource();
        using var call = new Http1Call(new Uri($"http://{full.LocalEndpoint}"), new FakeTimeProvider());
        var asking = call.GetAsync(cancel.Token);
        Assert.False(asking.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Fact]
    public async Task ConnectTimeout_IsOver_Ends()
    {
        using var full = await FullListenerAsync();
        var time = new FakeTimeProvider();
        using var call = new Http1Call(new Uri($"http://{full.LocalEndpoint}"), time);
        var asking = call.GetAsync(CancellationToken.None);
        Assert.False(asking.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cancelled_WhileTheBodyIsWaitedFor_EndsAndCloses(bool isReadsOwn)
    {
        var (there, closed) = (Source(), Source());
        await using var upstream = Hanging("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n5\r\nx", there, closed);
        using var cancel = new CancellationTokenSource();
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync(isReadsOwn ? Token : cancel.Token);
        var body = await response.Content.ReadAsStreamAsync(Token);
        await body.ReadExactlyAsync(new byte[4], cancel.Token).Soon();
        var reading = body.ReadAsync(new byte[4], cancel.Token).AsTask();
        Assert.False(reading.IsCompleted);
        await cancel.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        Assert.Equal(cancel.Token, exception.CancellationToken);
        await closed.Task.Soon();
    }

    [Fact]
    public async Task Cancelled_BetweenReads_WhatIsThereIsReadAndThenItEnds()
    {
        var (there, closed) = (Source(), Source());
        await using var upstream = Hanging("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", there, closed);
        using var cancel = new CancellationTokenSource();
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync(cancel.Token);
        var body = await response.Content.ReadAsStreamAsync(Token);
        await body.ReadExactlyAsync(new byte[1], cancel.Token).Soon();
        await cancel.CancelAsync();
        await closed.Task.Soon();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => body.CopyToAsync(Stream.Null, CancellationToken.None).Soon());
    }

    [Fact]
    public async Task Cancelled_AtTheEndOfTheBody_TheConnectionServesNobodyElse()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        using var call = new Http1Call(upstream);
        using (var cancel = new CancellationTokenSource())
        {
            using var response = await call.GetAsync(cancel.Token);
            Assert.Equal("hi", await Http1Call.TextAsync(response));
            await cancel.CancelAsync();
        }

        Assert.Equal("hi", await call.TextAsync());
        Assert.Equal(2, upstream.Connections);
    }

    [Fact]
    public async Task Cancelled_AfterTheAnswer_TheConnectionServesTheNext()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        using var call = new Http1Call(upstream);
        for (var i = 0; i < 3; i++)
        {
            using var cancel = new CancellationTokenSource();
            Assert.Equal("hi", await call.TextAsync(cancel.Token));
            await cancel.CancelAsync();
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Cancelled_Beforehand_LeavesIdleConnectionsAlone()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"));
        using var call = new Http1Call(upstream);
        Assert.Equal("hi", await call.TextAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call.GetAsync(new CancellationToken(canceled: true)));
        Assert.Equal("hi", await call.TextAsync());
        Assert.Equal(1, upstream.Connections);
    }

    // However a cancellation falls together with the end of an answer: the next request never meets the connection that it broke.
    [Fact]
    public async Task Cancelled_JustAsTheConnectionIsGivenBack_TheNextRequestNeverMeetsIt()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is { } request)
            {
                await connection.WriteAsync(HttpReply.Whole(200, "text/plain", request.Body));
            }
        });
        using var call = new Http1Call(upstream);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => RaceAsync(call, worker), Token)));
        Assert.True(outcomes.Sum(outcome => outcome.Whole) > 0, "No answer was whole.");
        Assert.True(outcomes.Sum(outcome => outcome.Cancelled) > 0, "No answer was cancelled.");
    }

    private static async Task<(int Whole, int Cancelled)> RaceAsync(Http1Call call, int worker)
    {
        var (whole, cancelled) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var question = $"{worker}/{i}";
            using var cancel = new CancellationTokenSource();
            var cancelling = Task.CompletedTask;
            try
            {
                // Sometimes in the request, sometimes in the answer, sometimes at its end.
                cancelling = i % 2 == 0 ? CancelAsync(cancel, i * 10) : cancelling;
                using var response = await call.PostAsync(HttpReply.Utf8(question), cancel.Token);
                cancelling = i % 2 == 1 ? CancelAsync(cancel, i) : cancelling;
                Assert.Equal(question, await Http1Call.TextAsync(response));
                whole++;
            }
            catch (Exception e) when (e is OperationCanceledException || (e is HttpRequestException && cancel.IsCancellationRequested))
            {
                cancelled++;
            }

            // While the cancellation may still be at work.
            using var next = await call.PostAsync(HttpReply.Utf8("next " + question), CancellationToken.None);
            Assert.Equal("next " + question, await Http1Call.TextAsync(next));
            await cancelling;
        }

        return (whole, cancelled);
    }

    private static Task CancelAsync(CancellationTokenSource cancel, int spins) => Task.Run(
        () =>
        {
            Thread.SpinWait(spins);
            cancel.Cancel();
        },
        CancellationToken.None);

    private static TaskCompletionSource Source() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static ScriptedUpstream Hanging(string before, TaskCompletionSource there, TaskCompletionSource closed) => new(async connection =>
    {
        await connection.ReadRequestAsync();
        await connection.WriteAsync(before);
        there.SetResult();
        await connection.ClosedAsync();
        closed.SetResult();
    });

    // Its queue of one is taken, so that nobody else gets through.
    private static async Task<TcpListener> FullListenerAsync()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(0);
        var first = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await first.ConnectAsync(listener.LocalEndpoint, Token);
        return listener;
    }
}
