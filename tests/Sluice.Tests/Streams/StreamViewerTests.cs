using System.IO.Pipelines;
using System.Text;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class StreamViewerTests : IDisposable
{
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly MemoryStream _output = new();
    private readonly CancellationTokenSource _gone = new();

    private string Seen => Encoding.UTF8.GetString(_output.ToArray());

    private int Pings => Seen.Split(": ping\n").Length - 1;

    public void Dispose()
    {
        _gone.Dispose();
        _output.Dispose();
    }

    [Fact]
    public async Task RunAsync_Silence_PingsAfterExactlyTheKeepAlive()
    {
        var gate = Script.New();
        var (bench, viewer, running) = Start(new Script().Text("a").Wait(gate.Task).Text("b").Hop().Finish().Done());
        Assert.Contains("\"a\"", Seen, StringComparison.Ordinal);
        bench.Time.Advance(KeepAlive - Tick);
        Assert.Equal(0, Pings);
        bench.Time.Advance(Tick);
        Assert.Equal(1, Pings);
        bench.Time.Advance(KeepAlive - Tick);
        Assert.Equal(1, Pings);
        bench.Time.Advance(Tick);
        Assert.Equal(2, Pings);
        gate.SetResult();
        await running.Soon();
        Assert.Equal(4, EventText.Data(Seen).Count);
        viewer.Dispose();
    }

    [Fact]
    public async Task RunAsync_BeforeTheUpstreamAnswers_PingsToo()
    {
        var (bench, viewer, running) = Start(new Script().Hang());
        bench.Time.Advance(KeepAlive);
        Assert.Equal(": ping\n", Seen);
        await _gone.CancelAsync();
        await running.Soon();
        viewer.Dispose();
    }

    [Fact]
    public async Task RunAsync_EventsFlow_TheSilenceBeginsAnew()
    {
        var gates = Enumerable.Range(0, 3).Select(_ => new TaskCompletionSource()).ToList();
        var script = new Script().Text("0");
        foreach (var gate in gates)
        {
            script.Wait(gate.Task).Text("x");
        }

        var (bench, viewer, running) = Start(script.Hang());
        foreach (var gate in gates)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(10));
            gate.SetResult();
        }

        Assert.Equal(4, EventText.Data(Seen).Count);
        Assert.Equal(0, Pings);
        bench.Time.Advance(KeepAlive - Tick);
        Assert.Equal(0, Pings);
        bench.Time.Advance(Tick);
        Assert.Equal(1, Pings);
        await _gone.CancelAsync();
        await running.Soon();
        viewer.Dispose();
    }

    [Fact]
    public async Task RunAsync_BlockedFlush_NoPingsPileUp()
    {
        var pipe = new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 10, resumeWriterThreshold: 5, useSynchronizationContext: false));
        var bench = new StreamBench(new Script().Text("a").Hang());
        bench.Options.MaxBlocked = KeepAlive * 10;
        var session = bench.OpenOpenAi();
        var viewer = session.Attach(_gone.Token);
        bench.Hub.Start(session);
        var running = viewer.RunAsync(pipe.Writer);
        for (var i = 0; i < 5; i++)
        {
            bench.Time.Advance(KeepAlive);
        }

        var first = await pipe.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("ping", Encoding.UTF8.GetString(first.Buffer), StringComparison.Ordinal);
        pipe.Reader.AdvanceTo(first.Buffer.End);
        Assert.False(pipe.Reader.TryRead(out _));
        bench.Time.Advance(KeepAlive);
        Assert.True(pipe.Reader.TryRead(out var ping));
        Assert.Equal(": ping\n", Encoding.UTF8.GetString(ping.Buffer));
        pipe.Reader.AdvanceTo(ping.Buffer.End);
        await _gone.CancelAsync();
        await running.Soon();
        viewer.Dispose();
    }

    [Fact]
    public async Task WaitForCommitAsync_Silence_EndsSoThatThePingCanLeave()
    {
        var bench = new StreamBench(new Script().Hang());
        var session = bench.OpenOpenAi();
        using var viewer = session.Attach(_gone.Token);
        bench.Hub.Start(session);
        var commit = viewer.WaitForCommitAsync().AsTask();
        bench.Time.Advance(KeepAlive - Tick);
        Assert.False(commit.IsCompleted);
        bench.Time.Advance(Tick);
        await commit.Soon();
        Assert.False(session.IsCommitted);
        var running = viewer.RunAsync(PipeWriter.Create(_output));
        Assert.Equal(": ping\n", Seen);
        await _gone.CancelAsync();
        await running.Soon();
    }

    [Fact]
    public async Task WaitForCommitAsync_ViewerLeaves_IsCancelled()
    {
        var script = new Script().Hang();
        var bench = new StreamBench(script);
        var session = bench.OpenOpenAi();
        var viewer = session.Attach(_gone.Token);
        bench.Hub.Start(session);
        var commit = viewer.WaitForCommitAsync().AsTask();
        await _gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit.Soon());
        viewer.Dispose();
        await script.Cancelled.Soon();
    }

    [Fact]
    public async Task Attach_AlreadyGone_LeavesAtOnce()
    {
        await _gone.CancelAsync();
        var (_, viewer, running) = Start(new Script().Text("a").Hang());
        await running.Soon();
        Assert.Equal("", Seen);
        viewer.Dispose();
    }

    [Fact]
    public async Task Dispose_LeavesNoTimerBehind()
    {
        var (bench, viewer, running) = Start(new Script().Text("a").Hang());
        await _gone.CancelAsync();
        await running.Soon();
        viewer.Dispose();
        bench.Time.Advance(KeepAlive * 10);
        Assert.Equal(0, Pings);
    }

    [Fact]
    public async Task RunAsync_TheOutputFails_TheFailureIsTheCallers()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var session = bench.OpenOpenAi();
        using (var viewer = session.Attach(_gone.Token))
        {
            bench.Hub.Start(session);
            var pipe = PipeWriter.Create(new MemoryStream([], writable: false));
            await Assert.ThrowsAnyAsync<Exception>(() => viewer.RunAsync(pipe).Soon());
        }

        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
    }

    [Fact]
    public async Task Wake_MoreThanOneFlushAtOnce_AllOfItIsSent()
    {
        var provider = new SteppedProvider();
        var (session, running) = Start(new StreamBench(provider), PipeWriter.Create(_output));
        provider.Say(Script.TextJson("first"));
        Assert.Contains("first", Seen, StringComparison.Ordinal);
        provider.Say(Enumerable.Range(0, 90).Select(i => Script.TextJson($"{i} " + new string('x', 3000))));
        Assert.Equal(91, EventText.Data(Seen).Count);
        provider.Say(Script.TextJson("last"), null);
        await running.Soon();
        Assert.Equal(93, EventText.Data(Seen).Count);
        Assert.Equal(StreamState.Done, session.State);
    }

    [Fact]
    public async Task Wake_BatchesThatEndWhereAFlushDoes_TheProducerHearsOfEach()
    {
        var provider = new SteppedProvider();
        var (session, running) = Start(new StreamBench(provider), new WatchedPipeWriter(static () => { }));
        provider.Say(Enumerable.Repeat(Script.TextJson(new string('x', 13_000)), 400));
        provider.Say([null]);

        // The clock stands still: no keep-alive wakes anybody.
        await running.Soon();
        Assert.Equal(401, session.Log.Published);
    }

    [Fact]
    public async Task Wake_BeforeTheFirstFlush_TheResponseBeginsInItsOwnContext()
    {
        var provider = new SteppedProvider();
        var bench = new StreamBench(provider);
        var session = bench.OpenOpenAi();
        var viewer = session.Attach(_gone.Token);
        bench.Hub.Start(session);
        var ambient = new AsyncLocal<string> { Value = "the viewer's" };
        var seen = new List<string?>();
        var running = viewer.RunAsync(new WatchedPipeWriter(() => seen.Add(ambient.Value)));
        ambient.Value = "of who rings";
        provider.Say(Script.TextJson("a"));
        provider.Say(Script.TextJson("b"), null);
        await running.Soon();
        Assert.Equal("the viewer's", seen[0]);
    }

    [Fact]
    public async Task Wake_TheConnectionFails_IsTheViewersFailureNotThatOfWhoRings()
    {
        var provider = new SteppedProvider();
        var fails = false;
        var output = new WatchedPipeWriter(() => _ = fails ? throw new IOException("The connection is gone.") : 0);
        var (session, running) = Start(new StreamBench(provider), output);
        provider.Say(Script.TextJson("first"));
        fails = true;
        provider.Say(Script.TextJson("second"));
        await Assert.ThrowsAsync<IOException>(() => running.Soon());
        provider.Say(Script.TextJson("third"));
        Assert.Equal(StreamState.Running, session.State);
        Assert.Equal(3, session.Log.Published);
    }

    private (StreamBench Bench, StreamViewer Viewer, Task Running) Start(Script script)
    {
        var bench = new StreamBench(script);
        var session = bench.OpenOpenAi();
        var viewer = session.Attach(_gone.Token);
        bench.Hub.Start(session);
        return (bench, viewer, viewer.RunAsync(PipeWriter.Create(_output)));
    }

    private (StreamSession Session, Task Running) Start(StreamBench bench, PipeWriter output)
    {
        var session = bench.OpenOpenAi();
        var viewer = session.Attach(_gone.Token);
        bench.Hub.Start(session);
        return (session, viewer.RunAsync(output));
    }
}
