using System.Text;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Viewers that are too slow are let go; nobody else is slowed, and what they pinned is free again.</summary>
public sealed class StreamSlowViewerTests
{
    private readonly SteppedProvider _provider = new();
    private readonly StreamBench _bench;
    private readonly HoldingPipeWriter _held = new();
    private readonly HoldingPipeWriter _free = new();
    private StreamViewer? _fast;
    private int _said;

    public StreamSlowViewerTests() => _bench = new StreamBench(_provider);

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(300)]
    public async Task MaxBlocked_AFlushWaitsThatLong_IsLetGo(int keepAliveSeconds)
    {
        _bench.Options.KeepAlive = TimeSpan.FromSeconds(keepAliveSeconds);
        var (session, slow, fast) = Start(DisconnectPolicy.Detach);
        _bench.Time.Advance(TimeSpan.FromSeconds(7));
        _held.Hold();
        Say(1);
        Assert.True(_held.IsBlocked);
        _bench.Time.Advance(_bench.Options.MaxBlocked - TimeSpan.FromMilliseconds(1));
        Assert.False(slow.Viewer.IsLetGo);
        _bench.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(slow.Viewer.IsLetGo);
        Assert.True(slow.Running.IsCompletedSuccessfully);
        Assert.False(fast.Viewer.IsLetGo);
        slow.Viewer.Dispose();
        await EndAsync(session, fast);
    }

    [Fact]
    public async Task MaxBlocked_SlowButTaking_IsNotLetGo()
    {
        var (session, slow, fast) = Start(DisconnectPolicy.Detach);
        for (var i = 0; i < 10; i++)
        {
            _held.Hold();
            Say(1);
            _bench.Time.Advance(_bench.Options.MaxBlocked * 0.9);
            _held.GoOn();
        }

        Assert.False(slow.Viewer.IsLetGo);
        await EndAsync(session, fast, slow);
    }

    [Fact]
    public async Task MaxBlocked_TheOnlyViewer_NoLongerHoldsTheProducerBack()
    {
        var (session, slow, fast) = Start(DisconnectPolicy.Detach);
        fast.Viewer.Dispose();
        _held.Hold();
        Say(1000);
        Assert.Equal(100, session.Log.Sequence - slow.Viewer.Flushed);
        _bench.Time.Advance(_bench.Options.MaxBlocked);
        Assert.True(slow.Viewer.IsLetGo);
        Assert.Equal(_said + 1, session.Log.Published);
        slow.Viewer.Dispose();
        _provider.Say([null]);
        await session.Completion.Soon();
        Assert.Equal(StreamState.Done, session.State);
    }

    [Fact]
    public async Task MaxBlocked_TheOnlyViewerOfAStreamThatIsCancelledWithIt_CancelsIt()
    {
        var (session, slow, fast) = Start(DisconnectPolicy.Cancel);
        fast.Viewer.Dispose();
        _held.Hold();
        Say(1);
        _bench.Time.Advance(_bench.Options.MaxBlocked);
        Assert.True(_provider.IsCancelled);
        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
        Assert.True(slow.Running.IsCompleted);
        slow.Viewer.Dispose();
    }

    [Theory]
    [InlineData(300, long.MaxValue)]
    [InlineData(int.MaxValue, 40_000)]
    public async Task MaxLag_Exceeded_IsLetGoAndComesBack(int events, long bytes)
    {
        _bench.Options.MaxLagEvents = events;
        _bench.Options.MaxLagBytes = bytes;
        _bench.Options.MaxLogBytes = 16 * 1024;
        var (session, slow, fast) = Start(DisconnectPolicy.Detach);
        _held.Hold();
        for (var i = 0; i < 40 && !slow.Viewer.IsLetGo; i++)
        {
            Say(50);
        }

        // A look is taken when a segment begins, so it may be a segment's worth of events late.
        Assert.True(slow.Viewer.IsLetGo);
        Assert.InRange(_said, 250, 900);
        Assert.True(slow.Running.IsCompletedSuccessfully);
        var pinned = session.Memory.Bytes;
        slow.Viewer.Dispose();
        Assert.True(session.Memory.Bytes < pinned);

        // Its cursor lies below the floor: it gets the snapshot, and what follows.
        var shown = new ShownAnswer(isNative: true);
        shown.Take(_held.Written);
        Assert.True(shown.Last < session.Log.First.Floor);
        var back = session.ReadFromAsync(shown.Last);
        await EndAsync(session, fast);
        shown.Take(await back);
        Assert.Equal(1, shown.Snapshots);
        Assert.Equal("end", shown.Terminal);
    }

    [Fact]
    public async Task MaxLagBytes_WithinTheProducersLead_IsWhereTheProducerWaits()
    {
        _bench.Options.MaxLagBytes = 10_000;
        var (session, slow, fast) = Start(DisconnectPolicy.Detach);
        fast.Viewer.Dispose();
        _held.Hold();
        var text = Script.TextJson(new string('x', 2000));
        _provider.Say(Enumerable.Repeat(text, 90));
        Assert.False(slow.Viewer.IsLetGo);
        _held.GoOn();
        await EndAsync(session, slow);
    }

    private (StreamSession Session, (StreamViewer Viewer, Task Running) Slow, (StreamViewer Viewer, Task Running) Fast) Start(DisconnectPolicy policy)
    {
        var session = _bench.Open(isNative: true, policy);
        var slow = session.Attach(CancellationToken.None);
        var fast = session.Attach(CancellationToken.None);
        _fast = fast;
        _bench.Hub.Start(session);
        return (session, (slow, slow.RunAsync(_held)), (fast, fast.RunAsync(_free)));
    }

    private void Say(int count)
    {
        _said += count;
        _provider.Say(Enumerable.Range(0, count).Select(i => Script.TextJson($"字{i} ")));
    }

    // Who was not let go has seen everything; afterwards nothing is held.
    private async Task EndAsync(StreamSession session, params (StreamViewer Viewer, Task Running)[] healthy)
    {
        _provider.Say([null]);
        foreach (var (viewer, running) in healthy)
        {
            await running.Soon();
            viewer.Dispose();
        }

        await session.Completion.Soon();
        Assert.Equal(StreamState.Done, session.State);
        if (healthy.Any(each => each.Viewer == _fast))
        {
            var shown = new ShownAnswer(isNative: true);
            shown.Take(_free.Written);
            Assert.Equal("end", shown.Terminal);
        }

        await _bench.ExpireAllAsync();
        Assert.Equal(0, _bench.Hub.Bytes);
    }
}
