namespace Sluice.Many;

/// <summary>Very many streams of every fate, and then: is everything as it was?</summary>
internal static class FatesRun
{
    private const long MaxHeapGrowth = 8 << 20;
    private const int MaxFilesGrowth = 10;
    private const int MaxTimersGrowth = 5;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // Longer than anything is kept, and than a stream that nobody watches goes on.
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(4);

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Arguments arguments, Findings findings)
    {
        var streams = arguments.Number("streams", 10_000);
        var atOnce = arguments.Number("at-once", 100);
        await using var site = await Site.StartAsync(arguments.Program, maxFiles: 0, gauges: true,
            ("Sluice__Streams__TimeToLive", "00:00:01"), ("Sluice__Streams__Unwatched", "00:00:02"));
        var fates = new Fates(site, findings);

        // 1. What is made once is made before: code, pools, threads, connections.
        await RunAsync(fates, Math.Min(streams, 2000), atOnce);
        var (before, filesBefore) = await RestAsync(site, findings);

        // 2. All of them.
        var started = TimeProvider.System.GetTimestamp();
        await RunAsync(fates, streams, atOnce);
        findings.Add("streams", $"{streams} in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0} s, {atOnce} at once");

        // 3. Everything is as it was.
        var (after, filesAfter) = await RestAsync(site, findings);
        findings.Add("descriptors before / after", $"{filesBefore} / {filesAfter}");
        findings.Add("memory before / after, MB", $"{before.Rss / 1e6:0.0} / {after.Rss / 1e6:0.0}");
        findings.Check(filesAfter <= filesBefore + MaxFilesGrowth, "descriptors were left open");
        findings.Check(site.Server.IsAlive, "the process has ended");
        if (after.Heap > 0)
        {
            findings.Add("live heap before / after, MB", $"{before.Heap / 1e6:0.0} / {after.Heap / 1e6:0.0}");
            findings.Add("timers before / after", $"{before.Timers} / {after.Timers}");
            findings.Check(after.Heap <= before.Heap + MaxHeapGrowth, "the heap has grown");
            findings.Check(after.Timers <= before.Timers + MaxTimersGrowth, "timers were left");
            foreach (var (name, value) in after.Inside.Where(static gauge => gauge.Key.Contains('.', StringComparison.Ordinal)))
            {
                findings.Add(name, $"{value}");
                findings.Check(value == 0, $"{name} is not 0");
            }

            findings.Check(after.Inside["unobserved"] == 0, "a task's exception was never looked at");
        }
    }

    private static Task RunAsync(Fates fates, int streams, int atOnce) => Parallel.ForEachAsync(
        Enumerable.Range(0, streams), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (i, _) => await fates.RunAsync(i % Fates.Count));

    // Nobody watches, nothing runs, and what was kept has expired. Connections to the upstream stay for a minute, to be used again: they do not count.
    private static async Task<(Vitals Vitals, int Files)> RestAsync(Site site, Findings findings)
    {
        findings.Check(await Waiting.UntilAsync(() => !Connections.Of(site.Server.Address.Port).Any(), Limit), "connections from clients stay open");
        await Task.Delay(Expiry);
        var vitals = await site.Server.VitalsAsync();
        return (vitals, vitals.Files - Connections.Of(site.Upstream.Address.Port).Count());
    }
}
