using System.IO.Pipelines;
using System.Text;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Viewers that are cut and come back see the same bytes as one who never left.</summary>
public sealed class StreamResumeTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryAttach_CutAfterEveryByte_ReadsTheRestWithoutHoleOrRepeat(bool isNative)
    {
        var gate = Script.New();
        var script = new Script().Text("你好，").Text("世界 👋🏽").Text("a\\n\\nb").Hop().Wait(gate.Task).Text("👩‍👩‍👧 再见").Text("z").Finish().Usage().Done();
        var bench = new StreamBench(script);
        var session = bench.Open(isNative, DisconnectPolicy.Detach);
        var output = new MemoryStream();
        using var first = bench.Start(session);
        var reading = first.RunAsync(PipeWriter.Create(output));
        await Within.UntilAsync(() => session.Log.Published == (isNative ? 4 : 3));
        var early = new MemoryStream();
        await using (var gone = new StoppingStream(early, () => session.Log.Bytes))
        {
            using var viewer = session.Attach(gone.Full);
            await viewer.RunAsync(PipeWriter.Create(gone)).Soon();
        }

        // While it runs: everyone who was cut so far comes back, and all follow to the end.
        var running = Enumerable.Range(0, (int)early.Length + 1).Select(k =>
        {
            var (whole, last, _) = Viewing.Taken(early.ToArray().AsSpan(0, k));
            return (whole, rest: session.ReadFromAsync(last));
        }).ToList();
        gate.SetResult();
        await reading.Soon();
        var full = output.ToArray();
        Assert.Equal(7, EventText.Data(Encoding.UTF8.GetString(full)).Count);
        foreach (var (whole, rest) in running)
        {
            Assert.Equal(full, (byte[])[.. whole, .. await rest]);
        }

        // When it has ended.
        for (var k = 0; k <= full.Length; k++)
        {
            var (whole, last, _) = Viewing.Taken(full.AsSpan(0, k));
            Assert.Equal(full, (byte[])[.. whole, .. await session.ReadFromAsync(last)]);
        }

        Assert.Equal(1, script.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TryAttach_RandomViewers_AllReadTheSame(bool isNative)
    {
        const int Viewers = 200;
        var script = new Script();
        for (var i = 0; i < 400; i++)
        {
            script.Hop().Text($"第{i} 👋 ");
        }

        var bench = new StreamBench(script.Finish().Done());
        var session = bench.Open(isNative, DisconnectPolicy.Detach);
        using var first = bench.Start(session);
        var output = new MemoryStream();
        var reading = first.RunAsync(PipeWriter.Create(output));
        var all = Task.WhenAll(Enumerable.Range(0, Viewers).Select(seed => Task.Run(() => ComeAndGoAsync(session, seed))));
        await reading.Soon();
        var full = Encoding.UTF8.GetString(output.ToArray());
        Assert.All(await all.Soon(), seen => Assert.Equal(full, seen));
        Assert.Equal(1, script.Calls);
        await bench.ExpireAllAsync();
    }

    [Fact]
    public async Task TryAttach_ManyMissedEvents_GetsASnapshotAndFollowsWithoutAHole()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Texts(50).Hop().Wait(gate.Task).Text("end").Finish().Done());
        bench.Options.SnapshotAfter = 10;
        var session = bench.Open(isNative: true, DisconnectPolicy.Detach);
        using var first = bench.Start(session);
        await Within.UntilAsync(() => session.Log.Published == 51);
        var late = session.ReadFromAsync(3);
        gate.SetResult();
        var blocks = Encoding.UTF8.GetString(await late).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"id: {session.Id}.51", $"id: {session.Id}.52", $"id: {session.Id}.53"], blocks.Select(block => block.Split('\n')[0]));
        var snapshot = blocks[0].Split('\n')[1][6..];
        Assert.Equal("snapshot", EventText.Field(snapshot, "type"));
        Assert.Equal("51", EventText.Field(snapshot, "seq"));
        Assert.Equal("hi", EventText.Field(snapshot, "question"));
        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(i => $"t{i} ")), EventText.Field(snapshot, "text"));
    }

    [Fact]
    public async Task TryAttach_ManyMissedEventsInOpenAi_GetsOneChunkWithTheText()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Texts(50).Hop().Wait(gate.Task).Text("end").Finish().Done());
        bench.Options.SnapshotAfter = 10;
        var session = bench.Open(isNative: false, DisconnectPolicy.Detach);
        using var first = bench.Start(session);
        await Within.UntilAsync(() => session.Log.Published == 50);
        var late = session.ReadFromAsync(0);
        gate.SetResult();
        var blocks = Encoding.UTF8.GetString(await late).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal([$"id: {session.Id}.50", $"id: {session.Id}.51", $"id: {session.Id}.52", $"id: {session.Id}.53"], blocks.Select(block => block.Split('\n')[0]));
        using var chunk = System.Text.Json.JsonDocument.Parse(blocks[0].Split('\n')[1][6..]);
        Assert.Equal(string.Concat(Enumerable.Range(0, 50).Select(i => $"t{i} ")), chunk.RootElement.GetProperty("choices")[0].GetProperty("delta").GetProperty("content").GetString());
    }

    [Fact]
    public async Task TryAttach_AnEndedStream_IsReplayedWholeHoweverLong()
    {
        var bench = new StreamBench(new Script().Texts(50).Finish().Done());
        bench.Options.SnapshotAfter = 10;
        var session = bench.OpenNative();
        var full = await bench.ReadAllAsync(session);
        Assert.Equal(full, Encoding.UTF8.GetString(await session.ReadFromAsync(0)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryAttach_CursorAhead_IsResetFirst(bool hasEnded)
    {
        var script = new Script().Text("a").Hop();
        var bench = new StreamBench(hasEnded ? script.Finish().Done() : script.Hang());
        var session = bench.OpenNative();
        using var first = bench.Start(session);
        await Within.UntilAsync(() => hasEnded ? session.Log.IsComplete : session.Log.Published == 2);
        var reading = session.ReadFromAsync(99);
        session.Cancel();
        var text = Encoding.UTF8.GetString(await reading);
        Assert.StartsWith("data: {\"type\":\"reset\",\"reason\":\"cursor_ahead\"}\n\n", text, StringComparison.Ordinal);
        Assert.Contains(hasEnded ? "\"type\":\"start\"" : "\"type\":\"snapshot\"", text, StringComparison.Ordinal);
        Assert.Contains(hasEnded ? "\"type\":\"end\"" : "\"type\":\"cancelled\"", text, StringComparison.Ordinal);
    }

    // Reads some, leaves, comes back with its cursor, until it has all.
    private static async Task<string> ComeAndGoAsync(StreamSession session, int seed)
    {
        var taken = new MemoryStream();
        var after = 0L;
        for (var round = 0; ; round++)
        {
            var patience = round < 5 ? 1 + ((seed * 31 + round * 17) * 97 % 3000) : long.MaxValue;
            var got = new MemoryStream();
            await using var output = new StoppingStream(got, () => patience);
            using (var viewer = session.TryAttach(output.Full, after))
            {
                Assert.NotNull(viewer);
                await viewer.RunAsync(PipeWriter.Create(output));
            }

            // The cut comes anywhere, not where a flush ended.
            var (whole, last, _) = Viewing.Taken(got.ToArray().AsSpan(0, (int)Math.Min(patience, got.Length)));
            taken.Write(whole);
            after = Math.Max(after, last);
            if (patience == long.MaxValue)
            {
                return Encoding.UTF8.GetString(taken.ToArray());
            }
        }
    }
}
