using System.Text;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>How long streams go on that nobody watches, and how long they are kept.</summary>
public sealed class StreamLifeTests
{
    [Fact]
    public async Task Detach_LastViewerLeft_GoesOnToItsEnd()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Text("a").Wait(gate.Task).Text("b").Finish().Done());
        var session = bench.Open(isNative: true, DisconnectPolicy.Detach);
        bench.Start(session).Dispose();
        gate.SetResult();
        await session.Completion.Soon();
        Assert.Equal(StreamState.Done, session.State);
        Assert.Equal(["start", "delta", "delta", "end"], EventText.Types(Encoding.UTF8.GetString(await session.ReadFromAsync(0))));
    }

    [Fact]
    public async Task Detach_NobodyWatchesForLong_IsCancelled()
    {
        var script = new Script().Text("a").Hang();
        var bench = new StreamBench(script);
        var session = bench.Open(isNative: true, DisconnectPolicy.Detach);
        bench.Start(session).Dispose();
        bench.Time.Advance(bench.Options.Unwatched - TimeSpan.FromSeconds(1));
        Assert.Equal(StreamState.Running, session.State);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
        Assert.Equal(0, script.Open);
    }

    [Fact]
    public async Task Detach_SomeoneComesBack_TheClockStops()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var session = bench.Open(isNative: true, DisconnectPolicy.Detach);
        bench.Start(session).Dispose();
        bench.Time.Advance(bench.Options.Unwatched - TimeSpan.FromSeconds(1));
        var back = session.Attach(CancellationToken.None);
        bench.Time.Advance(bench.Options.Unwatched * 3);
        Assert.Equal(StreamState.Running, session.State);

        // It begins anew when that one leaves too.
        back.Dispose();
        bench.Time.Advance(bench.Options.Unwatched - TimeSpan.FromSeconds(1));
        Assert.Equal(StreamState.Running, session.State);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
    }

    [Fact]
    public async Task Cancel_ByLeaving_ReplaysToItsTerminal()
    {
        var bench = new StreamBench(new Script().Text("a").Hang());
        var session = bench.Open(isNative: true, DisconnectPolicy.Cancel);
        bench.Start(session).Dispose();
        await session.Completion.Soon();
        Assert.Equal(["start", "delta", "cancelled"], EventText.Types(Encoding.UTF8.GetString(await bench.Hub.Find(session.Id.Value, Caller.Anonymous)!.ReadFromAsync(0))));
    }

    [Fact]
    public async Task TimeToLive_CountsFromTheEnd()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Text("a").Wait(gate.Task).Finish().Done());
        var session = bench.Open(isNative: true, DisconnectPolicy.Detach);
        using (bench.Start(session))
        {
            bench.Time.Advance(bench.Options.TimeToLive * 2);
            Assert.Same(session, bench.Hub.Find(session.Id.Value, Caller.Anonymous));
            gate.SetResult();
            await session.Completion.Soon();
        }

        await Within.UntilAsync(() => bench.Hub.Active == 0 && bench.Hub.Ended == 1);
        bench.Time.Advance(bench.Options.TimeToLive - TimeSpan.FromSeconds(1));
        Assert.Same(session, bench.Hub.Find(session.Id.Value, Caller.Anonymous));
        bench.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(bench.Hub.Find(session.Id.Value, Caller.Anonymous));
        Assert.Null(session.TryAttach(CancellationToken.None));
        Assert.Null(session.TrySnapshot());
    }

    [Fact]
    public async Task MaxRetainedBytes_TheOldestGoFirst()
    {
        var bench = new StreamBench(new Script().Texts(100).Finish().Done());
        var sessions = new List<StreamSession>();
        for (var i = 0; i < 5; i++)
        {
            var session = bench.OpenNative();
            sessions.Add(session);
            await bench.ReadAllAsync(session);
            await Within.UntilAsync(() => bench.Hub.Ended == Math.Min(i + 1, 3));
            bench.Options.MaxRetainedBytes = (3 * session.Memory.Bytes) + 1000;
        }

        Assert.Equal([false, false, true, true, true], sessions.Select(session => bench.Hub.Find(session.Id.Value, Caller.Anonymous) is not null));
    }

    [Fact]
    public async Task ManyStreamsOfAllFates_NothingIsLeft()
    {
        var fates = new[]
        {
            new Script().Texts(30).Finish().Done(),
            new Script().Text("a").Hop().Fail(new ChatProviderException(ChatErrorKind.Upstream, "broken")),
            new Script().Text("a").Hop().Hang(),
            new Script().Text("a").Hop().Fail(new InvalidOperationException("defect")),
        };
        foreach (var script in fates)
        {
            var bench = new StreamBench(script);
            var sessions = new List<StreamSession>();
            for (var i = 0; i < 100; i++)
            {
                var policy = i % 2 == 0 ? DisconnectPolicy.Cancel : DisconnectPolicy.Detach;
                var session = bench.Hub.Join($"k{i}", "q"u8, () => bench.Open(i % 3 == 0, policy), CancellationToken.None, out var viewer);
                sessions.Add(session);
                using var leaves = viewer;
                session.TrySnapshot();
                session.TryAttach(CancellationToken.None, 1)?.Dispose();
            }

            Assert.Equal(100, bench.Hub.Keys);
            bench.Time.Advance(bench.Options.Unwatched);
            await Task.WhenAll(sessions.Select(session => session.Completion)).Soon();
            await bench.ExpireAllAsync();

            // The last to expire may still be on its way out, on another thread.
            await Within.UntilAsync(() => bench.Hub.Keys == 0);
            await Within.UntilAsync(() => script.Open == 0);
            foreach (var session in sessions)
            {
                for (var segment = session.Log.First; segment is not null; segment = segment.Next)
                {
                    await Within.UntilAsync(() => segment.IsReturned);
                }

                Assert.False(session.TryHold());
            }
        }
    }
}
