using System.Text;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Streams over their caps: what is dropped stands in the snapshot, and nothing is lost.</summary>
public sealed class StreamCapsTests
{
    private const int Cap = 64 * 1024;

    private readonly SteppedProvider _provider = new();
    private readonly StreamBench _bench;
    private string _said = "";

    public StreamCapsTests()
    {
        _bench = new StreamBench(_provider);
        _bench.Options.MaxLogBytes = Cap;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task MaxLogBytes_Reached_WhoComesBackReadsTheSameText(bool isNative)
    {
        var session = Start(isNative);
        var early = new ShownAnswer(isNative);
        Say(5);
        early.Take(await ReadNowAsync(session, 0));
        var middle = new ShownAnswer(isNative);
        Say(200);
        middle.Take(await ReadNowAsync(session, 0));
        Assert.Equal(_said, middle.Text);
        Say(3000);
        Assert.True(session.Log.First.Floor > 200);
        Assert.InRange(session.Log.KeptBytes, 1, Cap);

        // While it runs, and after its end.
        foreach (var ended in new[] { false, true })
        {
            if (ended)
            {
                _provider.Say([null]);
                await session.Completion.Soon();
            }

            foreach (var after in new[] { 0, early.Last, middle.Last })
            {
                var back = new ShownAnswer(isNative);
                back.Take(Early(session, after, early, middle));
                back.Take(await ReadNowAsync(session, after));
                Assert.Equal(_said, back.Text);
                Assert.Equal(ended ? isNative ? "end" : "[DONE]" : null, back.Terminal);
            }
        }
    }

    [Fact]
    public void MaxLogEvents_Reached_OlderOnesGo()
    {
        _bench.Options.MaxLogBytes = int.MaxValue;
        _bench.Options.MaxLogEvents = 500;
        var session = Start(isNative: false);
        Say(3000);
        Assert.InRange(session.Log.KeptEvents, 300, 500);
        Assert.Equal(3000, session.TrySnapshot()!.Sequence);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void MaxLogBytes_LongAnswer_MemoryStaysBounded(bool isNative)
    {
        var session = Start(isNative);
        for (var i = 0; i < 100; i++)
        {
            Say(100);

            // The log, the snapshot (its buffers double), and what one batch has brought before it is looked at.
            Assert.InRange(session.Memory.Bytes, 0, 4 * Cap);
        }

        Assert.True(session.Log.Bytes > 10 * Cap);
        Assert.Equal(session.Memory.Bytes, _bench.Hub.Bytes);
    }

    [Fact]
    public async Task MaxLogBytes_TheTextAloneIsLarger_FailsAndSaysSo()
    {
        var session = Start(isNative: true);
        for (var i = 0; i < 300 && session.State == StreamState.Running; i++)
        {
            Say(100);
        }

        await session.Completion.Soon();
        Assert.Equal("answer_too_large", session.Error!.Code);
        Assert.True(_provider.IsCancelled);
        var shown = new ShownAnswer(isNative: true);
        shown.Take(await session.ReadFromAsync(0));
        Assert.Equal("error", shown.Terminal);
        Assert.StartsWith(shown.Text, _said, StringComparison.Ordinal);
        Assert.InRange(Encoding.UTF8.GetByteCount(shown.Text), Cap / 2, Cap * 2);
    }

    [Fact]
    public async Task MaxTotalBytes_Exceeded_EndedStreamsGoAndNoNewOneStarts()
    {
        var session = Start(isNative: true);
        Say(100);
        _provider.Say([null]);
        await session.Completion.Soon();
        await Within.UntilAsync(() => _bench.Hub.Ended == 1);
        _bench.Options.MaxTotalBytes = _bench.Hub.Bytes;
        var next = Start(isNative: true);
        Assert.Equal("overloaded", _bench.Hub.Refusal?.Code);
        _bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(_bench.Hub.Find(session.Id.Value, Caller.Anonymous));
        Assert.Null(_bench.Hub.Refusal);
        Assert.Equal(StreamState.Running, next.State);
        next.Cancel();
        await _bench.ExpireAllAsync();
        Assert.Equal(0, _bench.Hub.Bytes);
    }

    [Fact]
    public void MaxTotalBytes_Exceeded_RunningStreamsKeepLittle()
    {
        _bench.Options.MaxLogBytes = int.MaxValue;
        _bench.Options.MaxTotalBytes = 4 * Cap;
        var session = Start(isNative: true);
        Say(8000);
        Assert.True(session.Log.Bytes > 6 * Cap);
        Assert.InRange(_bench.Hub.Bytes, 0, 5 * Cap);
        Assert.Equal(StreamState.Running, session.State);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(6, true)]
    public async Task ToolCallsInOpenAi_CutInTheMiddle_CannotBeToldAnyMore(long after, bool isTold)
    {
        // Events 3 to 5 are one call: a client that has half of it can get neither all nor nothing.
        var session = Start(isNative: false);
        Say(2);
        foreach (var arguments in new[] { "1", "2", "3" })
        {
            _provider.Say($$$"""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{{{arguments}}}"}}]}}]}""");
        }

        Say(3000);
        Assert.True(session.Log.First.Floor > 6);
        if (!isTold)
        {
            Assert.Null(session.TryAttach(CancellationToken.None, after));
            return;
        }

        var chunk = Encoding.UTF8.GetString(await ReadNowAsync(session, after)).Split('\n')[1];
        Assert.Equal(after == 2, chunk.Contains("\"arguments\":\"123\"", StringComparison.Ordinal));
        Assert.Equal(after != 2, !chunk.Contains("tool_calls", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FinishReasonAndUsageInOpenAi_AreInTheSnapshotThatStandsForThem()
    {
        var session = _bench.OpenOpenAi(includeUsage: true);
        using var first = _bench.Start(session);
        _ = first.RunAsync(new CountingPipeWriter());
        Say(200);
        _provider.Say(
            """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
            """{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""");
        _bench.Options.SnapshotAfter = 10;
        var chunk = Encoding.UTF8.GetString(await ReadNowAsync(session, 0)).Split('\n')[1];
        Assert.Contains("\"finish_reason\":\"stop\"", chunk, StringComparison.Ordinal);
        Assert.Contains("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4}", chunk, StringComparison.Ordinal);

        // Who has the finish reason does not get it twice.
        _bench.Options.SnapshotAfter = 0;
        chunk = Encoding.UTF8.GetString(await ReadNowAsync(session, 201)).Split('\n')[1];
        Assert.Contains("\"finish_reason\":null", chunk, StringComparison.Ordinal);
        Assert.Contains("\"usage\":{", chunk, StringComparison.Ordinal);
        session.Cancel();
        await session.Completion.Soon();
    }

    private static byte[] Early(StreamSession session, long after, ShownAnswer early, ShownAnswer middle)
    {
        // What the client had before it was cut, as if it had come in one event per number.
        var had = after == early.Last ? early : after == middle.Last ? middle : null;
        if (had is null || after == 0)
        {
            return [];
        }

        var frames = new StringBuilder();
        for (var i = 1; i < after; i++)
        {
            frames.Append(Frame(session, i, ""));
        }

        return Encoding.UTF8.GetBytes(frames.Append(Frame(session, after, had.Text)).ToString());
    }

    private static string Frame(StreamSession session, long sequence, string text) => session.Dialect.KnowsReset
        ? $"id: {session.Id}.{sequence}\ndata: {{\"type\":\"delta\",\"content\":\"{text}\"}}\n\n"
        : $"id: {session.Id}.{sequence}\ndata: {Script.TextJson(text)}\n\n";

    // Reads what is there, and leaves.
    private static async Task<byte[]> ReadNowAsync(StreamSession session, long after)
    {
        var output = new HoldingPipeWriter();
        using var gone = new CancellationTokenSource();
        using var viewer = session.TryAttach(gone.Token, after);
        Assert.NotNull(viewer);
        var running = viewer.RunAsync(output);
        await gone.CancelAsync();
        await running.Soon();
        return output.Written.ToArray();
    }

    private StreamSession Start(bool isNative)
    {
        var session = _bench.Open(isNative, DisconnectPolicy.Detach);
        _bench.Start(session).Dispose();
        return session;
    }

    private void Say(int count)
    {
        var texts = Enumerable.Range(0, count).Select(i => $"字{i} ").ToList();
        _said += string.Concat(texts);
        _provider.Say(texts.Select(Script.TextJson));
    }
}
