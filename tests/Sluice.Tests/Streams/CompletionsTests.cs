using System.Text;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Answers in one piece: asked once, handed to all who asked with the same key.</summary>
public sealed class CompletionsTests
{
    private const string Body = """{ "x" : "你好\n" , "usage":{} }""";
    private static readonly ChatRequest Whole = ChatRequest.Parse("""{"stream":false}"""u8.ToArray());
    private static readonly ChatProviderException Broken = new(ChatErrorKind.Upstream, "broken");

    [Fact]
    public async Task WholeAnswer_IsTheBodyByteForByte()
    {
        var bench = new StreamBench(new Script().Completion(Body).Done());
        Assert.Equal(Body, await AskAsync(bench, key: null));
        Assert.Equal(0, bench.Hub.Keys);
    }

    [Fact]
    public async Task NoDone_IsTruncated()
    {
        var bench = new StreamBench(new Script().Completion("{}"));
        var e = await Assert.ThrowsAsync<ChatProviderException>(() => AskAsync(bench, key: null));
        Assert.Equal(ChatErrorKind.Truncated, e.Kind);
    }

    [Fact]
    public async Task ProviderHasADefect_IsToldAsOneAndLogged()
    {
        var bench = new StreamBench(new Script().Fail(new InvalidOperationException("secret detail")));
        var e = await Assert.ThrowsAsync<ChatProviderException>(() => AskAsync(bench, key: null));
        Assert.Equal(ChatErrorKind.Internal, e.Kind);
        Assert.DoesNotContain("secret detail", e.Message, StringComparison.Ordinal);
        Assert.Equal(202, Assert.Single(bench.Log.Collector.GetSnapshot()).Id.Id);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(null, true)]
    [InlineData("k", false)]
    public async Task ClientLeaves_TheCallIsCancelled(string? key, bool detach)
    {
        using var gone = new CancellationTokenSource();
        var script = new Script().Hang();
        var bench = new StreamBench(script);
        var asking = bench.Hub.CompleteAsync(key, Whole, detach ? DisconnectPolicy.Detach : DisconnectPolicy.Cancel, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.Soon());
        await script.LetGo.Soon();
        await Within.UntilAsync(() => bench.Hub.Keys == 0);
        Assert.Empty(bench.Log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task SameKey_IsOneCall_AndOneBody()
    {
        var gate = Script.New();
        var script = new Script().Hop().Wait(gate.Task).Completion(Body).Done();
        var bench = new StreamBench(script);
        var asking = Enumerable.Range(0, 20).Select(_ => Task.Run(() => AskAsync(bench, "k"))).ToList();
        await script.Asked.Soon();
        gate.SetResult();
        Assert.All(await Task.WhenAll(asking).Soon(), body => Assert.Equal(Body, body));

        // It is kept as long as a stream.
        await Within.UntilAsync(() => bench.Hub.Ended == 1);
        Assert.Equal(Body, await AskAsync(bench, "k"));
        Assert.Equal(1, script.Calls);
        Assert.InRange(bench.Hub.Bytes, Encoding.UTF8.GetByteCount(Body) + 1, 4096);
        var other = ChatRequest.Parse("""{"stream":false,"n":2}"""u8.ToArray());
        var e = await Assert.ThrowsAsync<ChatRequestException>(() => bench.Hub.CompleteAsync("k", other, DisconnectPolicy.Cancel, CancellationToken.None));
        Assert.Equal(409, e.Status);

        bench.Time.Advance(bench.Options.TimeToLive + TimeSpan.FromSeconds(1));
        Assert.Equal((0, 0, 0L), (bench.Hub.Keys, bench.Hub.Ended, bench.Hub.Bytes));
        Assert.Equal(Body, await AskAsync(bench, "k"));
        Assert.Equal(2, script.Calls);
    }

    [Fact]
    public async Task Failure_IsHandedToAllWhoWait_AndFreesTheKey()
    {
        var gate = Script.New();
        var calls = 0;
        var script = new Script().Wait(gate.Task).Do(_ => Interlocked.Increment(ref calls) == 1 ? Task.FromException(Broken) : Task.CompletedTask).Completion(Body).Done();
        var bench = new StreamBench(script);
        var asking = Enumerable.Range(0, 5).Select(_ => AskAsync(bench, "k")).ToList();
        gate.SetResult();
        foreach (var waiting in asking)
        {
            Assert.Same(Broken, await Assert.ThrowsAsync<ChatProviderException>(() => waiting.Soon()));
        }

        Assert.Equal(1, script.Calls);
        Assert.Equal(Body, await AskAsync(bench, "k"));
    }

    [Fact]
    public async Task SomeLeave_TheOthersGetTheBody()
    {
        using var gone = new CancellationTokenSource();
        var gate = Script.New();
        var bench = new StreamBench(new Script().Wait(gate.Task).Completion(Body).Done());
        var leaving = bench.Hub.CompleteAsync("k", Whole, DisconnectPolicy.Cancel, gone.Token);
        var staying = AskAsync(bench, "k");
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.Soon());
        gate.SetResult();
        Assert.Equal(Body, await staying.Soon());
    }

    [Fact]
    public async Task TheOneWhoAskedLeaves_OthersGetTheBody()
    {
        using var gone = new CancellationTokenSource();
        var gate = Script.New();
        var script = new Script().Wait(gate.Task).Completion(Body).Done();
        var bench = new StreamBench(script);
        var leaving = bench.Hub.CompleteAsync("k", Whole, DisconnectPolicy.Cancel, gone.Token);
        var others = Enumerable.Range(0, 3).Select(_ => AskAsync(bench, "k")).ToList();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.Soon());
        gate.SetResult();
        Assert.All(await Task.WhenAll(others).Soon(), body => Assert.Equal(Body, body));
        Assert.Equal(1, script.Calls);
    }

    [Fact]
    public async Task JoinsWhileTheLastOneLeaves_IsAnsweredAllTheSame()
    {
        for (var i = 0; i < 200; i++)
        {
            using var gone = new CancellationTokenSource();
            var gate = Script.New();
            var bench = new StreamBench(new Script().Wait(gate.Task).Completion(Body).Done());
            var leaving = bench.Hub.CompleteAsync("k", Whole, DisconnectPolicy.Cancel, gone.Token);
            var cancelling = Task.Run(gone.CancelAsync, TestContext.Current.CancellationToken);
            var joining = AskAsync(bench, "k");
            await cancelling.Soon();
            gate.SetResult();
            Assert.Equal(Body, await joining.Soon());
            await ((Task)leaving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            Assert.Equal(Body, await AskAsync(bench, "k"));
        }
    }

    [Fact]
    public async Task TheProviderLingersBehindTheAnswer_NobodyWaitsForThat()
    {
        var bench = new StreamBench(new Script().Completion(Body).Done().Hang());
        Assert.Equal(Body, await AskAsync(bench, "k"));
        bench = new StreamBench(new Script().Completion(Body).Done().Fail(Broken));
        Assert.Equal(Body, await AskAsync(bench, "k"));
    }

    [Fact]
    public async Task AreCountedAgainstTheCap_ButMayBeJoined()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Wait(gate.Task).Completion(Body).Done());
        bench.Options.MaxStreams = 1;
        var first = AskAsync(bench, "k");
        var e = await Assert.ThrowsAsync<ChatProviderException>(() => AskAsync(bench, "other"));
        Assert.Equal(ChatErrorKind.Overloaded, e.Kind);
        var joined = AskAsync(bench, "k");
        gate.SetResult();
        Assert.All(await Task.WhenAll(first, joined).Soon(), body => Assert.Equal(Body, body));
        await Within.UntilAsync(() => bench.Hub.Refusal is null);
    }

    [Fact]
    public async Task ManyAreKept_TheOldestGoFirst()
    {
        var bench = new StreamBench(new Script().Completion(Body).Done());
        bench.Options.MaxRetainedBytes = 8 * 1024;
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(Body, await AskAsync(bench, $"k{i}"));
        }

        await Within.UntilAsync(() => bench.Hub.Keys == bench.Hub.Ended);
        Assert.InRange(bench.Hub.Ended, 1, 8);
        Assert.InRange(bench.Hub.Bytes, 1, 8 * 1024);
    }

    [Fact]
    public async Task Detach_AllLeave_TheBodyIsThereForWhoComesBack()
    {
        using var gone = new CancellationTokenSource();
        var gate = Script.New();
        var script = new Script().Wait(gate.Task).Completion(Body).Done();
        var bench = new StreamBench(script);
        var leaving = bench.Hub.CompleteAsync("k", Whole, DisconnectPolicy.Detach, gone.Token);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving.Soon());
        gate.SetResult();
        Assert.Equal(Body, await AskAsync(bench, "k"));
        Assert.Equal(1, script.Calls);
    }

    [Fact]
    public async Task Drain_GraceIsOver_WhoWaitsIsToldThatTheServerStops()
    {
        var script = new Script().Hang();
        var bench = new StreamBench(script);
        var asking = AskAsync(bench, key: null);
        var draining = bench.Hub.DrainAsync(TimeSpan.FromSeconds(25), CancellationToken.None);
        Assert.False(draining.IsCompleted);
        bench.Time.Advance(TimeSpan.FromSeconds(25));
        var e = await Assert.ThrowsAsync<ChatProviderException>(() => asking.Soon());
        Assert.Equal(503, e.Status);
        await draining.Soon();
        Assert.Equal(0, script.Open);
        e = await Assert.ThrowsAsync<ChatProviderException>(() => AskAsync(bench, "k"));
        Assert.Equal(ChatErrorKind.Stopping, e.Kind);
    }

    private static async Task<string> AskAsync(StreamBench bench, string? key) =>
        Encoding.UTF8.GetString(await bench.Hub.CompleteAsync(key, Whole, DisconnectPolicy.Cancel, CancellationToken.None));
}
