using System.IO.Compression;
using System.Text;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.OpenAi;

public sealed class OpenAiStreamTests
{
    private const string Answer = "你好，world 👋\n\"😀\"";

    [Theory]
    [InlineData("OpenAi/stream.sse")]
    [InlineData("OpenAi/crlf.sse")]
    public async Task StreamAsync_WholeAnswer_PassesEveryChunkByteForByte(string file)
    {
        Heard heard = await AskAsync(file);

        Assert.True(heard.IsDone);
        Assert.Equal(GoldenFile.Data(file), heard.Chunks);
        Assert.Equal(
            [ChatChunkKind.Heartbeat, ChatChunkKind.Preamble, ChatChunkKind.Content, ChatChunkKind.Content, ChatChunkKind.Content, ChatChunkKind.Content,
                ChatChunkKind.Finish, ChatChunkKind.NoChoices | ChatChunkKind.Usage, ChatChunkKind.Done],
            heard.All.ConvertAll(chunk => chunk.Kind));
        Assert.Equal((Answer, "stop"), (heard.Text, heard.FinishReason));
    }

    [Fact]
    public async Task StreamAsync_CutIntoTwoPiecesAnywhere_GivesTheSameAnswer()
    {
        byte[] reply = HttpReply.Stream(GoldenFile.Read("OpenAi/stream.sse"));
        int cut = 0;
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                // Once the answer is whole the next round begins, and moves the cut.
                int at = cut;
                await connection.WriteAsync(reply.AsMemory(0, at));
                await connection.WriteAsync(reply.AsMemory(at));
            }
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        List<string> expected = GoldenFile.Data("OpenAi/stream.sse");
        for (cut = 0; cut <= reply.Length; cut += 3)
        {
            Heard heard = await call.AskAsync();
            Assert.True(heard.IsDone, heard.Error?.Message);
            Assert.Equal(expected, heard.Chunks);
        }

        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task StreamAsync_ByteByByte_GivesTheSameAnswer()
    {
        byte[] events = GoldenFile.Read("OpenAi/stream.sse");
        await using var upstream = ScriptedUpstream.AnsweringOnce(
            [HttpReply.Utf8(HttpReply.StreamHead), .. events.Select(one => HttpReply.Chunk([one])), HttpReply.LastChunk]);
        Heard heard = await UpstreamCall.AskAsync(upstream);
        Assert.True(heard.IsDone);
        Assert.Equal(Answer, heard.Text);
    }

    [Fact]
    public async Task StreamAsync_OddKeepAlives_AreHeartbeatsAndNothingElse()
    {
        Heard heard = await AskAsync("OpenAi/keep-alives.sse");
        Assert.True(heard.IsDone);
        Assert.Equal(4, heard.Chunks.Count);
        Assert.Equal("你好，wor", heard.Text);
        Assert.True(heard.Heartbeats >= 5, "The headers and four odd events.");
        Assert.DoesNotContain(heard.Chunks, chunk => chunk.Contains("ping", StringComparison.Ordinal) || chunk == "{}");
    }

    [Fact]
    public async Task StreamAsync_CommentsBetweenChunks_AreHeartbeats()
    {
        var heard = new List<ChatChunkKind>();
        var taken = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.StreamHead);
            foreach (string piece in (string[])[": ping\n\n", ": ping\n", "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n", "\n"])
            {
                // Each in a read of its own: the next leaves when the one before has been heard.
                Assert.True(await taken.WaitAsync(Within.Bound));
                await connection.WriteAsync(HttpReply.Chunk(piece));
            }

            await taken.WaitAsync(Within.Bound);
            await connection.WriteAsync(HttpReply.LastChunk);
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        await foreach (ChatChunk chunk in call.Provider.StreamAsync(UpstreamCall.Question, TestContext.Current.CancellationToken))
        {
            heard.Add(chunk.Kind);
            taken.Release();
        }

        Assert.Equal(
            [ChatChunkKind.Heartbeat, ChatChunkKind.Heartbeat, ChatChunkKind.Heartbeat, ChatChunkKind.Finish, ChatChunkKind.Heartbeat, ChatChunkKind.Done], heard);
    }

    [Fact]
    public async Task StreamAsync_FinishThenEndWithoutDone_IsDone()
    {
        Heard heard = await AskAsync("OpenAi/no-done.sse");
        Assert.True(heard.IsDone);
        Assert.Equal(("你好", "stop"), (heard.Text, heard.FinishReason));
    }

    [Fact]
    public async Task StreamAsync_DoneWithoutFinish_IsDone()
    {
        Heard heard = await AskAsync("OpenAi/no-finish-done.sse");
        Assert.True(heard.IsDone);
        Assert.Equal("", heard.FinishReason);
    }

    [Theory]
    [InlineData("OpenAi/no-finish.sse", "你好，wor")]
    [InlineData("OpenAi/pending-cut-content.sse", "你好")]
    [InlineData("OpenAi/two-choices.sse", "a")]
    public async Task StreamAsync_EndWithoutFinish_IsTruncated(string file, string text)
    {
        Heard heard = await AskAsync(file);
        Assert.Equal(ChatErrorKind.Truncated, heard.Error?.Kind);
        Assert.Equal(text, heard.Text);
        Assert.DoesNotContain(heard.All, chunk => chunk.Kind == ChatChunkKind.Done);
    }

    [Theory]
    [InlineData("OpenAi/pending-whole.sse", "你好")]
    [InlineData("OpenAi/pending-done.sse", "你好")]
    [InlineData("OpenAi/pending-cut.sse", "你好")]
    public async Task StreamAsync_EventPendingAtTheEnd_IsTakenIfWhole(string file, string text)
    {
        Heard heard = await AskAsync(file);
        Assert.True(heard.IsDone, heard.Error?.Message);
        Assert.Equal((text, "stop"), (heard.Text, heard.FinishReason));
    }

    [Fact]
    public async Task StreamAsync_ChunksBehindDone_AreNotHeard()
    {
        Heard heard = await AskAsync("OpenAi/behind-done.sse");
        Assert.True(heard.IsDone);
        Assert.Equal(2, heard.Chunks.Count);
    }

    [Fact]
    public async Task StreamAsync_MalformedChunks_AreLeftOutAndCounted()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(GoldenFile.Read("OpenAi/malformed.sse")));
        using var call = new UpstreamCall(upstream.BaseUrl);
        using var counter = new MetricCollector<long>(call.Meters, "Sluice", "sluice.upstream.malformed_chunks");
        Heard heard = await call.AskAsync();
        Assert.True(heard.IsDone);
        Assert.Equal("你好，wor", heard.Text);
        Assert.Equal([1L, 1L], counter.GetMeasurementSnapshot().Select(one => one.Value));
        Assert.Equal("up", counter.LastMeasurement!.Tags["gen_ai.provider.name"]);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task StreamAsync_MalformedChunks_AreTakenUpToABound(int malformed, bool isDone)
    {
        string events = string.Concat(Enumerable.Repeat("data: {\"half\n\n", malformed)) + "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n";
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(events));
        using var call = new UpstreamCall(upstream.BaseUrl, change: options => new() { BaseUrl = options.BaseUrl, MaxMalformedChunks = 3 });
        Heard heard = await call.AskAsync();
        Assert.Equal((isDone, isDone ? null : ChatErrorKind.Malformed), (heard.IsDone, heard.Error?.Kind));
    }

    [Fact]
    public async Task StreamAsync_InvalidUtf8_IsMalformed()
    {
        byte[] events = [.. "data: {\"choices\":[{\"delta\":{\"content\":\""u8, 0xE4, 0xBD, .. "\"}}]}\n\ndata: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"u8];
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(events));
        Heard heard = await UpstreamCall.AskAsync(upstream);
        Assert.True(heard.IsDone);
        Assert.Single(heard.Chunks);
    }

    [Fact]
    public async Task StreamAsync_ToolCalls_PassUntouched()
    {
        Heard heard = await AskAsync("OpenAi/tool-calls.sse");
        Assert.True(heard.IsDone);
        Assert.Equal(GoldenFile.Data("OpenAi/tool-calls.sse"), heard.Chunks);
        Assert.Equal(2, heard.All.Count(chunk => chunk.Kind == ChatChunkKind.Tool));
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1001, false)]
    public async Task StreamAsync_EventSize_IsBounded(int bytes, bool isTaken)
    {
        const string Start = "data: {\"choices\":[{\"finish_reason\":\"stop\"}],\"x\":\"";
        string line = Start + new string('x', bytes - Start.Length - 2) + "\"}";
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(line + "\n\n"));
        using var call = new UpstreamCall(upstream.BaseUrl, change: options => new() { BaseUrl = options.BaseUrl, MaxEventBytes = 1000 });
        Heard heard = await call.AskAsync();
        Assert.Equal((isTaken, isTaken ? null : ChatErrorKind.TooLarge), (heard.IsDone, heard.Error?.Kind));
    }

    [Fact]
    public async Task StreamAsync_LineThatNeverEnds_IsTooLargeAndTheUpstreamIsLetGo()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync(HttpReply.StreamHead);
            byte[] more = HttpReply.Chunk(new string('x', 4096));
            try
            {
                while (true)
                    await connection.WriteAsync(more);
            }
            finally
            {
                closed.SetResult();
            }
        });
        using var call = new UpstreamCall(upstream.BaseUrl, change: options => new() { BaseUrl = options.BaseUrl, MaxEventBytes = 100_000 });
        Heard heard = await call.AskAsync();
        Assert.Equal(ChatErrorKind.TooLarge, heard.Error?.Kind);
        await closed.Task.WaitAsync(Within.Bound, TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("x-gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task StreamAsync_CompressedAllTheSame_IsDecoded(string encoding)
    {
        byte[] body = Compress(encoding, GoldenFile.Read("OpenAi/stream.sse"));
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Whole(200, "text/event-stream", body, $"Content-Encoding: {encoding}"));
        Heard heard = await UpstreamCall.AskAsync(upstream);
        Assert.True(heard.IsDone, heard.Error?.ToString());
        Assert.Equal(Answer, heard.Text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task StreamAsync_CompressedAndCutOrSpoilt_IsTruncated(string encoding)
    {
        byte[] body = Compress(encoding, GoldenFile.Read("OpenAi/no-finish.sse"));
        byte[] spoilt = [.. body];
        spoilt.AsSpan(spoilt.Length / 2).Fill(0xFF);
        foreach (byte[] wrong in (byte[][])[body[..^20], spoilt, "data: plain text\n\n"u8.ToArray()])
        {
            await using var upstream = ScriptedUpstream.Answering(HttpReply.Whole(200, "text/event-stream", wrong, $"Content-Encoding: {encoding}"));
            Heard heard = await UpstreamCall.AskAsync(upstream);
            Assert.Equal(ChatErrorKind.Truncated, heard.Error?.Kind);
        }
    }

    [Fact]
    public async Task StreamAsync_CompressedFlushByFlush_ArrivesFlushByFlush()
    {
        using var compressed = new MemoryStream();
        await using var gzip = new GZipStream(compressed, CompressionLevel.Fastest);
        await gzip.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n"u8.ToArray(), TestContext.Current.CancellationToken);
        await gzip.FlushAsync(TestContext.Current.CancellationToken);
        byte[] first = compressed.ToArray();
        await using var upstream = new ScriptedUpstream(async connection =>
        {
            await connection.ReadRequestAsync();
            await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n");
            await connection.WriteAsync(HttpReply.Chunk(first));
            await connection.ClosedAsync();
        });
        using var call = new UpstreamCall(upstream.BaseUrl);
        await using IAsyncEnumerator<ChatChunk> chunks = call.Provider.StreamAsync(UpstreamCall.Question, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await chunks.MoveNextAsync());
        Assert.True(await chunks.MoveNextAsync());
        Assert.Equal("a", Encoding.UTF8.GetString(chunks.Current.View.Content));
    }

    [Fact]
    public async Task StreamAsync_UnknownContentEncoding_IsUnexpected()
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Whole(200, "text/event-stream", [1, 2, 3], "Content-Encoding: zstd"));
        Assert.Equal(ChatErrorKind.UnexpectedResponse, (await UpstreamCall.AskAsync(upstream)).Error?.Kind);
    }

    [Fact]
    public async Task StreamAsync_NoContentType_IsTakenForAStream()
    {
        byte[] events = GoldenFile.Read("OpenAi/stream.sse");
        await using var upstream = ScriptedUpstream.AnsweringOnce([.. "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"u8, .. events]);
        Assert.Equal(Answer, (await UpstreamCall.AskAsync(upstream)).Text);
    }

    private static async Task<Heard> AskAsync(string file)
    {
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Stream(GoldenFile.Read(file)));
        return await UpstreamCall.AskAsync(upstream);
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        if (encoding == "identity")
            return bytes;
        using var compressed = new MemoryStream();
        using (Stream encoder = encoding switch
        {
            "br" => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            encoder.Write(bytes);
        }

        return compressed.ToArray();
    }
}
