using System.IO.Pipelines;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>Streams that are left in random states leave nothing behind.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests : IDisposable
{
    private const long MaxGrowth = 8 * 1024 * 1024;

    private readonly List<Exception> _unobserved = [];

    public LeakTests() => TaskScheduler.UnobservedTaskException += OnUnobserved;

    public void Dispose() => TaskScheduler.UnobservedTaskException -= OnUnobserved;

    [Fact]
    public async Task Streams_AbortedAtRandomStates_LeaveNothing()
    {
        var script = Many();
        var bench = new StreamBench(script);
        bench.Options.MaxRetainedBytes = 0;
        await RunAsync(bench, 1000, seed: 1);
        var before = Heap();
        await RunAsync(bench, 10_000, seed: 2);
        Assert.Equal(11_000, script.Calls);
        Assert.Equal(0, script.Open);
        Assert.Equal(0, bench.Hub.Active);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        Assert.Empty(_unobserved);
        Assert.Empty(bench.Log.Collector.GetSnapshot());
    }

    [Fact]
    public async Task Connections_CutAtRandomStates_LeaveNothing()
    {
        var script = Many();
        await using var host = await SluiceHost.StartAsync(script, ("Sluice:Streams:MaxRetainedBytes", "0"));
        await CutAsync(host, 200, seed: 3);
        var before = Heap();
        await CutAsync(host, 1000, seed: 4);
        Assert.Equal(0, host.Hub.Active);
        Assert.InRange(Heap() - before, long.MinValue, MaxGrowth);
        Assert.Empty(_unobserved);
        Assert.DoesNotContain(host.Log, record => record.Level >= Microsoft.Extensions.Logging.LogLevel.Warning);
    }

    // Speaks a while, on other threads every now and then, and hangs.
    private static Script Many()
    {
        var script = new Script().Hop().Role().Hop();
        for (var i = 0; i < 12; i++)
        {
            script.Texts(10).Hop();
        }

        return script.Hang();
    }

    private static async Task RunAsync(StreamBench bench, int count, int seed)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), TestContext.Current.CancellationToken, async (i, _) =>
        {
            // Left before it starts, while it waits for its first event, after some events, or by two viewers at once.
            var state = (i * 31 + seed) % 7;
            var session = i % 2 == 0 ? bench.OpenNative() : bench.OpenOpenAi();
            using var gone = new CancellationTokenSource();
            using (var viewer = session.Attach(gone.Token))
            {
                bench.Hub.Start(session);
                if (state == 0)
                {
                    session.Cancel();
                }
                else if (state > 1)
                {
                    using var second = state == 6 ? session.Attach(gone.Token) : null;
                    var other = second?.RunAsync(new CountingPipeWriter()) ?? Task.CompletedTask;
                    var running = viewer.RunAsync(new LeavingPipeWriter(gone, (state - 1) * 1500));
                    await Task.WhenAll(running, other);
                }
            }

            await session.Completion;
        });
        await Within.UntilAsync(() => bench.Hub.Active == 0);
    }

    private static async Task CutAsync(SluiceHost host, int count, int seed)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = TestContext.Current.CancellationToken }, async (i, _) =>
        {
            using var client = await RawClient.ConnectAsync(host);
            var state = (i * 31 + seed) % 5;
            if (i % 2 == 0)
            {
                await client.GetAsync("/ask/stream?prompt=hi&on_disconnect=cancel");
            }
            else
            {
                await client.PostAsync("/v1/chat/completions", state == 4 ? "{}" : """{"stream":true,"messages":[]}""");
            }

            if (state is 1 or 2)
            {
                await client.ReadUntilAsync(state == 1 ? "data: " : "t9 ");
            }

            if (state % 2 == 0)
            {
                client.Reset();
            }
        });
        await Within.UntilAsync(() => host.Hub.Active == 0 && host.Script.Open == 0);
    }

    private static long Heap()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        lock (_unobserved)
        {
            _unobserved.Add(e.Exception);
        }
    }
}
