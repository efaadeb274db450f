using System.IO.Pipelines;
using System.Text;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class StreamHubTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(25);

    [Fact]
    public async Task DrainAsync_NothingRuns_IsDoneAtOnce()
    {
        var bench = new StreamBench(new Script().Hang());
        await bench.Hub.DrainAsync(Grace, CancellationToken.None).Soon();
        Assert.True(bench.Hub.IsDraining);
    }

    [Fact]
    public async Task DrainAsync_StreamsFinishInTime_AreNotDisturbed()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Text("a").Wait(gate.Task).Text("b").Finish().Done());
        var session = bench.OpenNative();
        var reading = bench.ReadAllAsync(session);
        var draining = bench.Hub.DrainAsync(Grace, CancellationToken.None);
        Assert.True(bench.Hub.IsDraining);
        bench.Time.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.False(draining.IsCompleted);
        gate.SetResult();
        await draining.Soon();
        Assert.Equal(["start", "delta", "delta", "end"], EventText.Types(await reading));
        Assert.Empty(bench.Log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task DrainAsync_GraceIsOver_WhatIsLeftEndsWithATruthfulError()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var session = bench.OpenNative();
        var reading = bench.ReadAllAsync(session);
        var draining = bench.Hub.DrainAsync(Grace, CancellationToken.None);
        bench.Time.Advance(Grace);
        await draining.Soon();
        var data = EventText.Data(await reading);
        Assert.Equal("""{"type":"error","code":"server_stopping","message":"The server is stopping; ask again in a moment.","retryable":true,"answer":"a"}""", data[^1]);
        Assert.Equal(201, Assert.Single(bench.Log.Collector.GetSnapshot()).Id.Id);
        await Within.UntilAsync(() => bench.Hub.Active == 0);
    }

    [Fact]
    public async Task DrainAsync_NoGrace_EndsThemAtOnce()
    {
        var bench = new StreamBench(new Script().Hang());
        var session = bench.OpenNative();
        var reading = bench.ReadAllAsync(session);
        await bench.Hub.DrainAsync(TimeSpan.Zero, CancellationToken.None).Soon();
        Assert.Equal(["start", "error"], EventText.Types(await reading));
    }

    [Fact]
    public async Task DrainAsync_AStreamStartsBehindTheFirstLook_IsWaitedForToo()
    {
        var first = Script.New();
        var second = Script.New();
        var gates = new Queue<Task>([first.Task, second.Task]);
        var bench = new StreamBench(new Script().Do(_ => gates.Dequeue()).Finish().Done());
        var reading = bench.ReadAllAsync(bench.OpenNative());
        var draining = bench.Hub.DrainAsync(Grace, CancellationToken.None);
        var late = bench.ReadAllAsync(bench.OpenNative());
        first.SetResult();
        await reading;
        Assert.False(draining.IsCompleted);
        second.SetResult();
        await late;
        await draining.Soon();
    }

    [Fact]
    public async Task DrainAsync_AProviderDoesNotListen_IsLeftBehind()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Text("a").WaitDeaf(gate.Task));
        var session = bench.OpenAndStart();
        var draining = bench.Hub.DrainAsync(Grace, CancellationToken.None);
        bench.Time.Advance(Grace);
        await Within.UntilAsync(() => bench.Log.Collector.Count == 1);
        await Within.UntilAsync(() =>
        {
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            return draining.IsCompleted;
        });
        await draining;
        Assert.Equal([201, 203], bench.Log.Collector.GetSnapshot().Select(record => record.Id.Id));
        gate.SetResult();
        await session.Completion.Soon();
    }

    [Fact]
    public async Task DrainAsync_TheHostGivesUp_EndsThemAtOnce()
    {
        using var giveUp = new CancellationTokenSource();
        var bench = new StreamBench(new Script().Hang());
        var reading = bench.ReadAllAsync(bench.OpenNative());
        var draining = bench.Hub.DrainAsync(Grace, giveUp.Token);
        await giveUp.CancelAsync();
        await draining.Soon();
        Assert.Equal(["start", "error"], EventText.Types(await reading));
    }

    [Fact]
    public async Task Start_ManyAtOnce_EachIsItsOwn()
    {
        var bench = new StreamBench(new HoppingProvider(50));
        var sessions = Enumerable.Range(0, 50).Select(_ => bench.OpenOpenAi()).ToList();
        var bodies = await Task.WhenAll(sessions.Select(session => Task.Run(async () =>
        {
            var output = new MemoryStream();
            using var viewer = session.Attach(CancellationToken.None);
            bench.Hub.Start(session);
            await viewer.RunAsync(PipeWriter.Create(output));
            return Encoding.UTF8.GetString(output.ToArray());
        }))).Soon();
        Assert.All(bodies, body => Assert.Equal(51, EventText.Data(body).Count));
        Assert.Equal(50, sessions.Select(session => session.Id.Value).Distinct(StringComparer.Ordinal).Count());
        await Within.UntilAsync(() => bench.Hub.Active == 0);
    }
}
