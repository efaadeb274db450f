using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using System.Text;
using Sluice.Providers.Http;
using Sluice.Providers.OpenAi;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1BodyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Content-Length: 9\r\nConnection: close", "你好吗", "你好吗")]
    [InlineData("Content-Length: 9\r\nConnection: close", "你好吗behind", "你好吗")]
    [InlineData("Connection: close", "你好吗", "你好吗")]
    [InlineData("Connection: close", "", "")]
    [InlineData("Transfer-Encoding: chunked\r\nConnection: close", "3\r\n你\r\n6;a\n好吗\n0\r\nA: b\r\n\r\nbehind", "你好吗")]
    public async Task ReadAsync_WholeBody_IsReadWhereverItIsCut(string header, string reply, string text)
    {
        var bytes = HttpReply.Utf8(reply);
        var cut = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n");
            await connection.WriteAsync(bytes.AsMemory(0, cut));
            await connection.WriteAsync(bytes.AsMemory(cut));
        });
        using var call = new Http1Call(upstream);
        for (cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(text, await call.TextAsync());
        }
    }

    [Theory]
    [InlineData("Content-Length: 9", "")]
    [InlineData("Content-Length: 9", "12345678")]
    [InlineData("Transfer-Encoding: chunked", "")]
    [InlineData("Transfer-Encoding: chunked", "9")]
    [InlineData("Transfer-Encoding: chunked", "9\r\n12345678")]
    [InlineData("Transfer-Encoding: chunked", "9\r\n123456789\r\n")]
    [InlineData("Transfer-Encoding: chunked", "9\r\n123456789\r\n0\r\n")]
    [InlineData("Transfer-Encoding: chunked", "9\r\n123456789\r\n0\r\n\r")]
    public async Task ReadAsync_ConnectionEndsBeforeTheBody_Breaks(string header, string reply)
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8($"HTTP/1.1 200 OK\r\n{header}\r\n\r\n{reply}"));
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync();
        var body = await response.Content.ReadAsStreamAsync(Token);
        var exception = await Assert.ThrowsAsync<HttpIOException>(() => body.CopyToAsync(Stream.Null, Token).Soon());
        Assert.Equal(HttpRequestError.ResponseEnded, exception.HttpRequestError);
    }

    [Theory]
    [InlineData("x\r\n")]
    [InlineData("3\r\nabcd\r\n0\r\n\r\n")]
    public async Task ReadAsync_NoChunks_IsAnInvalidAnswer(string reply)
    {
        await using var upstream = ScriptedUpstream.AnsweringOnce(HttpReply.Utf8($"{HttpReply.StreamHead}{reply}"));
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync();
        var body = await response.Content.ReadAsStreamAsync(Token);
        var exception = await Assert.ThrowsAsync<HttpIOException>(() => body.CopyToAsync(Stream.Null, Token).Soon());
        Assert.Equal(HttpRequestError.InvalidResponse, exception.HttpRequestError);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(5000)]
    public async Task AsStream_ReadInSmallPieces_LosesNothing(int size)
    {
        var text = string.Concat(Enumerable.Range(0, 300).Select(i => $"第{i}个词 "));
        var chunks = HttpReply.Utf8(text).Chunk(11).Select(HttpReply.Chunk);
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8(HttpReply.StreamHead), [.. chunks.SelectMany(chunk => chunk), .. HttpReply.LastChunk]);
        using var call = new Http1Call(upstream);
        for (var i = 0; i < 2; i++)
        {
            using var response = await call.GetAsync();
            var body = await response.Content.ReadAsStreamAsync(Token);
            var (whole, piece) = (new List<byte>(), new byte[size]);
            int read;
            while ((read = await body.ReadAsync(piece, Token).AsTask().Soon()) > 0)
            {
                whole.AddRange(piece.AsSpan(0, read));
            }

            Assert.Equal(text, Encoding.UTF8.GetString([.. whole]));
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task ReadAsync_ConsumerLeavesBytes_GetsThemAgain()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Utf8("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef"));
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync();
        var body = new Http1BodyPipe(((Http1Content)response.Content).Body);
        var seen = "";
        while (await body.ReadAsync(Token) is { IsCompleted: false } result)
        {
            seen += Encoding.ASCII.GetString(result.Buffer) + " ";
            body.AdvanceTo(result.Buffer.GetPosition(Math.Min(2, result.Buffer.Length)), result.Buffer.End);
        }

        Assert.Equal("abcdef cdef ef ", seen);
        Assert.True(await body.ReadAsync(Token) is { IsCompleted: true, Buffer.IsEmpty: true });
    }

    [Fact]
    public async Task TryRead_NothingIsThere_SaysSo()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n");
            await connection.ClosedAsync();
        });
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync();
        Assert.False(((Http1Content)response.Content).Body.TryRead(Token, out _));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task OpenBodyAsync_Compressed_IsDecodedAsItComes(string encoding)
    {
        const string Text = "你好, compressed stream";
        var heard = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nTransfer-Encoding: chunked\r\n\r\n");
            using var wire = new MemoryStream();
            await using (Stream packed = encoding switch
            {
                "br" => new BrotliStream(wire, CompressionMode.Compress),
                "deflate" => new ZLibStream(wire, CompressionMode.Compress),
                "identity" => new BufferedStream(wire),
                _ => new GZipStream(wire, CompressionMode.Compress),
            })
            {
                await packed.WriteAsync(HttpReply.Utf8(Text));
                await packed.FlushAsync();
                await connection.WriteAsync(HttpReply.Chunk(wire.ToArray()));
                wire.SetLength(0);
                await heard.Task.WaitAsync(connection.Stopped);
                await packed.WriteAsync(HttpReply.Utf8("!"));
                await packed.FlushAsync();
                await connection.WriteAsync(HttpReply.Chunk(wire.ToArray()));
            }

            await connection.WriteAsync(HttpReply.LastChunk);
            await connection.ClosedAsync();
        });
        using var call = new Http1Call(upstream);
        using var response = await call.GetAsync();
        await using var body = await UpstreamHttp.OpenBodyAsync(response, Token);
        var text = new byte[HttpReply.Utf8(Text).Length];
        await body.ReadExactlyAsync(text, Token).Soon();
        Assert.Equal(Text, Encoding.UTF8.GetString(text));
        heard.SetResult();
        await body.ReadExactlyAsync(text.AsMemory(0, 1), Token).Soon();
        Assert.Equal((byte)'!', text[0]);
    }

    [Fact]
    public async Task Complete_WhileAReadWaits_BreaksItAndKeepsTheBufferFromOthers()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.WriteAsync("a");
            await connection.ClosedAsync();
            closed.SetResult();
        });
        var (connection, body) = await BodyAsync(upstream);
        var result = await body.ReadAsync(Token);
        body.AdvanceTo(result.Buffer.End);
        var reading = body.ReadAsync(Token).AsTask();
        Assert.False(reading.IsCompleted);

        var buffer = ArrayOf(connection);
        body.Complete();
        var rented = ArrayPool<byte>.Shared.Rent(buffer.Length);

        Assert.NotSame(buffer, rented);
        await Assert.ThrowsAnyAsync<IOException>(() => reading.Soon());
        await closed.Task.Soon();
    }

    [Fact]
    public async Task Complete_Twice_GivesTheBufferBackOnce()
    {
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.WriteAsync("a");
            await connection.ClosedAsync();
        });
        var (connection, body) = await BodyAsync(upstream);
        var result = await body.ReadAsync(Token);
        body.AdvanceTo(result.Buffer.End);

        var buffer = ArrayOf(connection);
        body.Complete();
        body.Complete();
        connection.Close();
        var (first, second) = (ArrayPool<byte>.Shared.Rent(buffer.Length), ArrayPool<byte>.Shared.Rent(buffer.Length));

        Assert.Same(buffer, first);
        Assert.NotSame(first, second);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => body.ReadAsync(Token).AsTask());
    }

    private static async Task<(Http1Connection Connection, PipeReader Body)> BodyAsync(ScriptedUpstream upstream)
    {
        var connection = await Http1Connection.ConnectAsync(new Uri($"http://127.0.0.1:{upstream.Port}"), TimeSpan.FromSeconds(5), TimeProvider.System, Token);
        return (connection, new Http1BodyPipe(new Http1Body(connection, new Http1Framing(100, IsChunked: false), new Http1Cancellation(connection, Token), pool: null)));
    }

    private static byte[] ArrayOf(Http1Connection connection) =>
        MemoryMarshal.TryGetArray(connection.Unread, out var segment) ? segment.Array! : throw new InvalidOperationException("No array.");
}
