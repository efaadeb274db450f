namespace Sluice.Many;

/// <summary>Very many streams at once that say nothing: what each costs, and what becomes of those for whom there is no room.</summary>
internal static class IdleRun
{
    private const int AtOnce = 64;
    private const int BufferBytes = 1024;
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Arguments arguments, Findings findings)
    {
        var streams = arguments.Number("streams", 9000);
        var files = arguments.Number("files", 20_000);
        await using var site = await Site.StartAsync(arguments.Program, files, gauges: false,
            ("Sluice__Timeouts__Idle", "00:30:00"), ("Sluice__Timeouts__FirstToken", "00:30:00"), ("Sluice__Timeouts__Headers", "00:30:00"),
            ("Sluice__Streams__TimeToLive", "00:00:01"));
        var model = "up/" + arguments.Text("model", "sim-9-0-stall");
        var isOpenAi = arguments.Text("dialect", "native") == "openai";
        var request = isOpenAi ? Requests.Chat(model) : Requests.Ask(model, "cancel");

        // 1. Whatever is made once is made before: code, pools, threads.
        for (var i = 0; i < 2; i++)
        {
            await LeaveAsync(await OpenAsync(site, request, Math.Min(streams, 500), findings));
            await FreeAsync(site, findings);
        }

        var before = await site.Server.VitalsAsync();

        // 2. All of them, and one that is watched: it must not notice.
        using var canary = await Canary.StartAsync(site, findings);
        var cpu = site.Server.Usage.CpuMicroseconds;
        var connections = await OpenAsync(site, request, streams, findings);
        cpu = site.Server.Usage.CpuMicroseconds - cpu;
        await Task.Delay(Settle);
        var usage = site.Server.Usage;
        var full = await site.Server.VitalsAsync();
        findings.Add("streams at once", $"{connections.Count}");
        findings.Add("descriptors", $"{full.Files} of {files}");
        findings.Add("CPU ms per stream opened", $"{cpu / 1000.0 / streams:0.00}");
        findings.Add("memory before / with them, MB", $"{before.Rss / 1e6:0.0} / {usage.RssBytes / 1e6:0.0}");
        findings.Add("memory per stream, KB", $"{(usage.RssBytes - before.Rss) / 1024.0 / streams:0.0}");
        if (full.Heap > 0)
        {
            findings.Add("memory per stream after a collection, KB", $"{(full.Rss - before.Rss) / 1024.0 / streams:0.0}");
            findings.Add("live heap per stream, KB", $"{(full.Heap - before.Heap) / 1024.0 / streams:0.0}");
        }

        // For whoever wants to look at the process meanwhile.
        if (arguments.Number("hold", 0) is > 0 and var hold)
        {
            Console.WriteLine(FormattableString.Invariant($"holding them for {hold} s: process {site.Server.Id}"));
            await Task.Delay(TimeSpan.FromSeconds(hold));
        }

        // 3. More than there is room for.
        if (arguments.Text("past-cap", "yes") == "yes")
        {
            await PastCap.CheckAsync(site, request, connections, findings);
        }

        findings.Check(site.Server.IsAlive, "the process has ended");
        findings.Check(connections.TrueForAll(static connection => connection.IsOpen), "a live stream was closed");
        await canary.CheckAsync();

        // 4. Everyone leaves.
        await LeaveAsync(connections);
        await FreeAsync(site, findings);
        var after = await site.Server.VitalsAsync();
        findings.Add("memory after them, MB", $"{after.Rss / 1e6:0.0}");
        findings.Check(await Waiting.UntilAsync(() => site.Server.Files <= before.Files + 10, Limit), "descriptors were left open");
    }

    private static async Task<List<EventConnection>> OpenAsync(Site site, byte[] request, int count, Findings findings)
    {
        var connections = new EventConnection[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
        {
            connections[i] = await EventConnection.OpenAsync(site.Server.EndPoint, request, BufferBytes);
            findings.Check(connections[i].Status == 200 && connections[i].Header("X-Sluice-Stream-Id") is not null, FormattableString.Invariant($"a stream was not let in: {connections[i].Status}"));
        });
        return [.. connections];
    }

    private static Task LeaveAsync(List<EventConnection> connections)
    {
        connections.ForEach(static connection => connection.Dispose());
        connections.Clear();
        return Task.CompletedTask;
    }

    // Nobody watches any more and the server has let go of its calls, but for the canary's: only then is there room for all of them again.
    private static async Task FreeAsync(Site site, Findings findings) => findings.Check(
        await Waiting.UntilAsync(() => Connections.Of(site.Server.EndPoint.Port).Count() <= 1 && Connections.Of(site.Upstream.EndPoint.Port).Count() <= 1, Limit),
        "connections stay open after everyone has left");
}
