using System.IO.Pipelines;
using System.Text;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Who asks with a key that was used before gets what was asked for then, unless nothing came of it.</summary>
public sealed class StreamJoinTests
{
    private static readonly ChatProviderException Broken = new(ChatErrorKind.Upstream, "broken");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Join_SameKey_IsOneStream(bool isNative)
    {
        var script = new Script().Text("a").Hang();
        var bench = new StreamBench(script);
        var first = Join(bench, isNative, out var viewer);
        var second = Join(bench, isNative, out var other);
        Assert.Same(first, second);
        Assert.NotSame(viewer, other);
        var e = Assert.Throws<ChatRequestException>(() => Join(bench, isNative, out _, question: "other"));
        Assert.Equal(409, e.Status);
        Assert.Equal(1, script.Calls);
        viewer!.Dispose();
        Assert.Equal(StreamState.Running, first.State);
        other!.Dispose();
        await first.Completion.Soon();
    }

    [Fact]
    public async Task Join_LeavesWhileTheOneWhoAskedWaits_StopsNothing()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Wait(gate.Task).Text("a").Finish().Done());
        var session = Join(bench, isNative: false, out var viewer);
        Join(bench, isNative: false, out var joiner);
        joiner!.Dispose();
        gate.SetResult();
        var output = new MemoryStream();
        await viewer!.RunAsync(PipeWriter.Create(output)).Soon();
        await session.Completion.Soon();
        Assert.Equal("[DONE]", EventText.Data(Encoding.UTF8.GetString(output.ToArray()))[^1]);
    }

    [Fact]
    public async Task Join_FailedBeforeItsCommit_AsksAnew()
    {
        var calls = 0;
        var bench = new StreamBench(new Script().Hop().Do(_ => ++calls == 1 ? Task.FromException(Broken) : Task.CompletedTask).Text("a").Finish().Done());
        var failed = Join(bench, isNative: false, out var viewer);
        await failed.Completion.Soon();

        // Who waits gets the failure.
        await viewer!.WaitForCommitAsync();
        Assert.Equal((StreamState.Failed, false, Broken), (failed.State, failed.IsCommitted, failed.Error));

        // Who comes later asks anew, and may even ask for something else.
        var again = Join(bench, isNative: false, out _, question: "other");
        Assert.NotSame(failed, again);
        await again.Completion.Soon();
        Assert.Equal(StreamState.Done, again.State);
        Assert.Same(again, Join(bench, isNative: false, out _, question: "other"));
        Assert.Equal(2, calls);

        // The failed one expires without taking the key along.
        viewer.Dispose();
        Assert.Equal(1, bench.Hub.Keys);
        await bench.ExpireAllAsync();
        Assert.Equal(0, bench.Hub.Keys);
    }

    [Fact]
    public async Task Join_FailedAfterItsCommit_ReplaysTheFailure()
    {
        var script = new Script().Text("a").Hop().Fail(Broken);
        var bench = new StreamBench(script);
        var failed = Join(bench, isNative: false, out _);
        await failed.Completion.Soon();
        Assert.Same(failed, Join(bench, isNative: false, out var viewer));
        Assert.NotNull(viewer);
        Assert.Equal(1, script.Calls);
    }

    [Fact]
    public async Task Join_EveryoneLeftBeforeItsCommit_AsksAnew()
    {
        var script = new Script().Hang();
        var bench = new StreamBench(script);
        var left = Join(bench, isNative: false, out var viewer);
        viewer!.Dispose();

        // The call may still be about to end.
        var again = Join(bench, isNative: false, out var next);
        Assert.NotSame(left, again);
        await left.Completion.Soon();
        Assert.Equal(StreamState.Running, again.State);
        Assert.Same(again, Join(bench, isNative: false, out _));
        Assert.Equal(2, script.Calls);
        Assert.NotNull(next);
    }

    [Fact]
    public async Task Join_CancelledAfterItsCommit_ReplaysToItsTerminal()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var left = Join(bench, isNative: true, out var viewer);
        viewer!.Dispose();
        Assert.Same(left, Join(bench, isNative: true, out var again));
        var output = new MemoryStream();
        await again!.RunAsync(PipeWriter.Create(output)).Soon();
        Assert.Equal("cancelled", EventText.Types(Encoding.UTF8.GetString(output.ToArray()))[^1]);
    }

    [Fact]
    public async Task Join_WhileDraining_OnlyWhatThereIs()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var session = Join(bench, isNative: false, out _);
        using var stop = new CancellationTokenSource();
        var draining = bench.Hub.DrainAsync(TimeSpan.FromSeconds(25), stop.Token);
        Assert.Same(session, Join(bench, isNative: false, out var viewer));
        Assert.NotNull(viewer);
        var e = Assert.Throws<ChatProviderException>(() => bench.Hub.Join("k2", "q"u8, () => bench.OpenOpenAi(), CancellationToken.None, out _));
        Assert.Equal(ChatErrorKind.Stopping, e.Kind);
        Assert.Equal(1, bench.Hub.Keys);
        await stop.CancelAsync();
        await draining.Soon();
    }

    private static StreamSession Join(StreamBench bench, bool isNative, out StreamViewer? viewer, string question = "q") => bench.Hub.Join(
        "k", Encoding.UTF8.GetBytes(question), () => bench.Open(isNative, DisconnectPolicy.Cancel), CancellationToken.None, out viewer);
}
