using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Http;

/// <summary>After very many streams, and very long lines, the process is as it was.</summary>
[Collection(nameof(AloneTests))]
public sealed class ManyStreamsTests
{
    private const int Streams = 10_000;
    private const int AtOnce = 100;
    private const long MegaByte = 1 << 20;

    // Before the headers, before the first token, in mid-stream, in full flow. None is read to its end: its connections would wait in pools to be used again.
    private static readonly string[] Models = ["up/sim-9-0-hang", "up/sim-9-0-headers-then-hang", "up/sim-9999-1000", "up/sim-99999-0"];

    [Fact]
    public async Task AbortedStreams_LeaveNothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var gateway = await Gateway.StartAsync();
        await RunAsync(gateway, AtOnce * 2);
        await FreeAsync(gateway);
        var before = (Own: OwnFiles(gateway), Upstream: ProcessStatus.OpenFiles(gateway.Upstream.Id));

        await RunAsync(gateway, Streams);

        var stats = await FreeAsync(gateway);
        // Who leaves while the upstream is being connected to has not asked it.
        Assert.InRange(stats.Requests, Streams / 4, Streams + (AtOnce * 2));
        Assert.InRange(stats.Aborted, Streams / 4, Streams + (AtOnce * 2));
        await Eventually.IsAsync(_ => Task.FromResult(OwnFiles(gateway)), open => open <= before.Own + 10);
        Assert.InRange(ProcessStatus.OpenFiles(gateway.Upstream.Id), 1, before.Upstream + AtOnce);
        using var ready = await Asking.Client.GetAsync(new Uri(gateway.Server.Address, "/readyz"), TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)ready.StatusCode);
        Assert.DoesNotContain("fail:", gateway.Server.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Exception", gateway.Server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EndlessLine_IsATypedErrorInBoundedMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        await using var gateway = await Gateway.StartAsync();
        await RunAsync(gateway, AtOnce);
        await FreeAsync(gateway);
        var before = ProcessStatus.PeakMemory(gateway.Server.Id);

        var answer = await Asking.EventsAsync(Asking.Ask(gateway.Server.Address, "up/sim-9-0-huge-line"));

        Assert.Equal("upstream_event_too_large", answer.Json[^1].GetProperty("code").GetString());
        await FreeAsync(gateway);
        Assert.InRange(ProcessStatus.PeakMemory(gateway.Server.Id) - before, 0, 32 * MegaByte);
    }

    // A connection whose question was taken back before it stood waits in the pool for a minute, to serve another; it is open on both sides.
    private static int OwnFiles(Gateway gateway) => ProcessStatus.OpenFiles(gateway.Server.Id) - ProcessStatus.OpenFiles(gateway.Upstream.Id);

    private static Task<UpstreamStats> FreeAsync(Gateway gateway) =>
        Eventually.IsAsync(cancel => UpstreamStats.ReadAsync(gateway.Upstream, cancel), stats => stats.Active == 0);

    private static Task RunAsync(Gateway gateway, int streams) => Parallel.ForEachAsync(
        Enumerable.Range(0, streams),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
        async (i, cancel) =>
        {
            var model = Models[i % Models.Length];
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            using var request = i / Models.Length % 2 == 0 ? Asking.OpenAi(gateway.Server.Address, model) : Asking.Ask(gateway.Server.Address, model);
            if (i % Models.Length < 2)
            {
                leave.CancelAfter(TimeSpan.FromMilliseconds(20 + (i % 30)));
            }

            try
            {
                using var response = await Asking.SendUntilAsync(request, leave.Token);
                await using var body = await response.Content.ReadAsStreamAsync(leave.Token);
                var buffer = new byte[1024];
                Assert.NotEqual(0, await body.ReadAsync(buffer, leave.Token));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // Left on purpose.
            }
        });
}
