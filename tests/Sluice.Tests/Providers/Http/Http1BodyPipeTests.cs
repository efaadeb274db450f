using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1BodyPipeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_EachPieceHasToBeWaitedFor_LosesNothing()
    {
        const int Pieces = 2000;
        using var asked = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            for (var i = 0; i < Pieces; i++)
            {
                await asked.WaitAsync(connection.Stopped);
                await connection.WriteAsync(Chunk($"{i};"));
            }

            await connection.WriteAsync("0\r\n\r\n");
        });
        var pipe = await PipeAsync(upstream);
        for (var i = 0; i < Pieces; i++)
        {
            var reading = pipe.ReadAsync(Token).AsTask();
            Assert.False(reading.IsCompleted);
            asked.Release();
            Assert.Equal($"{i};", Take(pipe, await reading.Soon()));
        }

        Assert.True((await pipe.ReadAsync(Token).AsTask().Soon()).IsCompleted);
        await pipe.CompleteAsync();
    }

    [Fact]
    public async Task ReadAsync_OnlyAPartOfAChunksHeadHasCome_WaitsOn()
    {
        const int Pieces = 500;
        using var asked = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            for (var i = 0; i < Pieces; i++)
            {
                await asked.WaitAsync(connection.Stopped);
                await connection.WriteAsync("5;a");
                await Task.Yield();
                await Task.Yield();
                await connection.WriteAsync("=b\r\n");
                await connection.WriteAsync("hello\r\n");
            }

            await connection.WriteAsync("0\r\n\r\n");
        });
        var pipe = await PipeAsync(upstream);
        for (var i = 0; i < Pieces; i++)
        {
            // Of the head nothing is content: a read ends with some of that, or not at all.
            var reading = pipe.ReadAsync(Token).AsTask();
            Assert.False(reading.IsCompleted);
            asked.Release();
            Assert.Equal("hello", Take(pipe, await reading.Soon()));
        }

        Assert.True((await pipe.ReadAsync(Token).AsTask().Soon()).IsCompleted);
        await pipe.CompleteAsync();
    }

    [Fact]
    public async Task ReadAsync_ContentIsThere_IsOverAtOnce()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.WriteAsync(Chunk("one") + Chunk("two"));
            await connection.ClosedAsync();
        });
        var (connection, pipe) = await OpenAsync(upstream, Token);
        while (connection.Unread.Length < 16)
        {
            Assert.True(await connection.ReadAsync().AsTask().Soon());
        }

        foreach (var text in new[] { "one", "two" })
        {
            var reading = pipe.ReadAsync(Token).AsTask();
            Assert.True(reading.IsCompletedSuccessfully);
            Assert.Equal(text, Take(pipe, await reading));
        }

        await pipe.CompleteAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("5\r\nhel")]
    public async Task ReadAsync_TheConnectionEndsWhileItWaits_IsAnIOExceptionOnceAndAgain(string before)
    {
        using var asked = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.WriteAsync(before);
            await asked.WaitAsync(connection.Stopped);
        });
        var pipe = await PipeAsync(upstream);
        if (before.Length > 0)
        {
            Assert.Equal("hel", Take(pipe, await pipe.ReadAsync(Token).AsTask().Soon()));
        }

        var reading = pipe.ReadAsync(Token).AsTask();
        Assert.False(reading.IsCompleted);
        asked.Release();
        await Assert.ThrowsAnyAsync<IOException>(() => reading.Soon());
        await Assert.ThrowsAnyAsync<IOException>(() => pipe.ReadAsync(Token).AsTask().Soon());
        await pipe.CompleteAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ReadAsync_CancelledWhileItWaits_SaysByWhichToken(bool byRequest)
    {
        using var request = new CancellationTokenSource();
        using var read = new CancellationTokenSource();
        await using var upstream = new ScriptedUpstream(connection => connection.ClosedAsync());
        var (_, pipe) = await OpenAsync(upstream, request.Token);
        var reading = pipe.ReadAsync(read.Token).AsTask();
        Assert.False(reading.IsCompleted);
        var cancelled = byRequest ? request : read;
        await cancelled.CancelAsync();
        var exception = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Soon());
        Assert.Equal(cancelled.Token, exception.CancellationToken);
        await pipe.CompleteAsync();
    }

    [Fact]
    public async Task TryReadAndCancelPendingRead_AreNotSupported()
    {
        await using var upstream = new ScriptedUpstream(connection => connection.ClosedAsync());
        var pipe = await PipeAsync(upstream);
        Assert.Throws<NotSupportedException>(() => pipe.TryRead(out _));
        Assert.Throws<NotSupportedException>(pipe.CancelPendingRead);
        await pipe.CompleteAsync();
    }

    private static string Chunk(string text) => string.Create(CultureInfo.InvariantCulture, $"{text.Length:x}\r\n{text}\r\n");

    private static string Take(PipeReader pipe, ReadResult result)
    {
        Assert.False(result.IsCanceled);
        var text = Encoding.UTF8.GetString(result.Buffer);
        pipe.AdvanceTo(result.Buffer.End, result.Buffer.End);
        return text;
    }

    private static async Task<Http1BodyPipe> PipeAsync(ScriptedUpstream upstream) => (await OpenAsync(upstream, Token)).Pipe;

    private static async Task<(Http1Connection Connection, Http1BodyPipe Pipe)> OpenAsync(ScriptedUpstream upstream, CancellationToken request)
    {
        var connection = await Http1Connection.ConnectAsync(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), TimeProvider.System, Token);
        var body = new Http1Body(connection, new Http1Framing(null, IsChunked: true), new Http1Cancellation(connection, request), pool: null);
        return (connection, new Http1BodyPipe(body));
    }
}
