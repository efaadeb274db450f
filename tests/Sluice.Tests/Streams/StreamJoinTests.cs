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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Join_TheOneWhoAskedLeaves_OthersReadOn(bool isCommitted)
    {
        var gate = Script.New();
        var script = isCommitted ? new Script().Text("a") : new Script();
        var bench = new StreamBench(script.Wait(gate.Task).Text("b").Finish().Done());
        Join(bench, isNative: false, out var viewer);
        var session = Join(bench, isNative: false, out var joiner);
        viewer!.Dispose();
        gate.SetResult();
        Assert.Equal("[DONE]", (await ReadAsync(joiner!))[^1]);
        await session.Completion.Soon();
        Assert.Equal((StreamState.Done, 1), (session.State, script.Calls));
    }

    [Fact]
    public async Task Join_WhileTheLastOneLeaves_IsAnsweredAllTheSame()
    {
        for (var i = 0; i < 200; i++)
        {
            var gate = Script.New();
            var bench = new StreamBench(new Script().Wait(gate.Task).Text("a").Finish().Done());
            Join(bench, isNative: false, out var viewer);
            var leaving = Task.Run(viewer!.Dispose, TestContext.Current.CancellationToken);
            Join(bench, isNative: false, out var joiner);
            await leaving.Soon();
            gate.SetResult();
            Assert.Equal("[DONE]", (await ReadAsync(joiner!))[^1]);
        }
    }

    [Fact]
    public async Task Join_WhileItEndsOrFails_ReadsOneWholeAnswerOrTheFailure()
    {
        for (var i = 0; i < 200; i++)
        {
            var fails = i % 2 == 1;
            var gate = Script.New();
            var script = new Script().Wait(gate.Task).Hop();
            var bench = new StreamBench(fails ? script.Fail(Broken) : script.Text("a").Finish().Done());
            var session = Join(bench, isNative: false, out _);
            var ending = Task.Run(gate.SetResult, TestContext.Current.CancellationToken);
            var joined = Join(bench, isNative: false, out var joiner);
            await ending.Soon();
            var read = await ReadAsync(joiner!);
            await joined.Completion.Soon();
            Assert.Equal(fails ? StreamState.Failed : StreamState.Done, joined.State);
            Assert.True(fails || ReferenceEquals(session, joined));
            Assert.Equal(fails, read[^1] != "[DONE]");
        }
    }

    [Fact]
    public async Task Join_TheFirstDecidesWhatLeavingMeans()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Wait(gate.Task).Text("a").Finish().Done());
        StreamSession JoinAs(DisconnectPolicy policy, out StreamViewer? viewer) =>
            bench.Hub.Join("k", "q"u8, () => bench.Open(isNative: true, policy), CancellationToken.None, out viewer);
        var session = JoinAs(DisconnectPolicy.Detach, out var first);
        Assert.Same(session, JoinAs(DisconnectPolicy.Cancel, out var second));
        first!.Dispose();
        second!.Dispose();
        gate.SetResult();
        await session.Completion.Soon();
        Assert.Equal(StreamState.Done, session.State);
    }

    private static async Task<IReadOnlyList<string>> ReadAsync(StreamViewer viewer)
    {
        var output = new MemoryStream();
        await viewer.RunAsync(PipeWriter.Create(output)).Soon();
        viewer.Dispose();
        return [.. EventText.Data(Encoding.UTF8.GetString(output.ToArray()))];
    }

    private static StreamSession Join(StreamBench bench, bool isNative, out StreamViewer? viewer, string question = "q") => bench.Hub.Join(
        "k", Encoding.UTF8.GetBytes(question), () => bench.Open(isNative, DisconnectPolicy.Cancel), CancellationToken.None, out viewer);
}
