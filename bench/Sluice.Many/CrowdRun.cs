using Sluice.Server.Load;

namespace Sluice.Many;

/// <summary>Very many viewers of one stream, who come and go, and some who never read.</summary>
internal static class CrowdRun
{
    private const int EventsPerSecond = 50;
    private const int AtOnce = 32;

    // The buffer of a client that never reads is its kernel's affair: where it may grow to megabytes, the server sees someone who reads.
    private const int DefaultReceiveBytes = 32 * 1024;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SilentLimit = TimeSpan.FromSeconds(60);

    /// <summary>Runs it.</summary>
    public static async Task RunAsync(Arguments arguments, Findings findings)
    {
        var count = arguments.Number("viewers", 1000);
        var churn = arguments.Number("churn", 50);
        var seconds = arguments.Number("seconds", 20);
        var silent = arguments.Number("silent", 0);
        await using var site = await Site.StartAsync(arguments.Program, maxFiles: 0, gauges: false);

        // 1. The stream, longer than all phases may take. Who asked is a viewer, too.
        var tokens = EventsPerSecond * (seconds + 4 + (count / 200) + (silent > 0 ? (int)SilentLimit.TotalSeconds + 5 : 0));
        var answer = new SharedAnswer(tokens + 10);
        using var asked = await EventConnection.OpenAsync(site.Server.EndPoint, Requests.Ask($"up/lat-{tokens}-{1_000_000 / EventsPerSecond}", "detach"));
        var stream = asked.Header("X-Sluice-Stream-Id")!;
        var ended = ReadAsync(asked, answer, findings);

        // 2. All viewers come.
        var viewers = Enumerable.Range(0, count).Select(_ => new Viewer(site.Server.EndPoint, stream, answer, findings)).ToArray();
        await Parallel.ForEachAsync(viewers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (viewer, _) =>
        {
            viewer.Come(isFresh: true);
            await viewer.Seen.Task;
        });
        await Task.Delay(Second);

        // 3. They watch; some leave and come back, with their cursor or without.
        var calm = await WatchAsync(site, viewers, churn, seconds, findings, "");
        findings.Check(calm.Cpu < Second || count > 1000, "the server took more than one core");

        // 4. Beside them, viewers that never read.
        if (silent > 0)
        {
            await SilentAsync(site, viewers, stream, silent, arguments.Number("silent-receive", DefaultReceiveBytes), calm, findings);
            using var cancel = await EventConnection.OpenAsync(site.Server.EndPoint, Requests.Cancel(stream));
        }

        // 5. To the end, or to where it was stopped: every viewer has read all of it.
        await Task.WhenAll(viewers.Select(static viewer => viewer.Running).Append(ended));
        findings.Check(Array.TrueForAll(viewers, static viewer => viewer.HasEnd), "a viewer has not read the end");
        findings.Add("events", $"{answer.Last}");
        findings.Add("different snapshots given", $"{answer.Check(findings)}");
    }

    private static async Task<(TimeSpan Cpu, LatencyHistogram Latency)> WatchAsync(Site site, Viewer[] viewers, int churn, int seconds, Findings findings, string when)
    {
        var latency = new LatencyHistogram();
        Array.ForEach(viewers, viewer => viewer.Latency = latency);
        var started = TimeProvider.System.GetTimestamp();
        var before = site.Server.Usage.CpuMicroseconds;
        var (gone, fresh) = (0, 0);
        using var timer = new PeriodicTimer(churn == 0 ? Second : Second / churn);
        while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds && await timer.WaitForNextTickAsync())
        {
            if (churn > 0)
            {
                var viewer = viewers[gone++ * 7919L % viewers.Length];
                await viewer.LeaveAsync();
                viewer.Come(isFresh: gone % 2 == 0);
                fresh += gone % 2 == 0 ? 1 : 0;
            }
        }

        var span = TimeProvider.System.GetElapsedTime(started);
        var cpu = TimeSpan.FromMicroseconds(site.Server.Usage.CpuMicroseconds - before) / span.TotalSeconds;
        findings.Add($"viewers{when}", $"{viewers.Length}");
        findings.Add($"left and came back with a cursor / fresh{when}", $"{gone - fresh} / {fresh} in {span.TotalSeconds:0.0} s");
        findings.Add($"server's CPU{when}, of one core", $"{cpu.TotalSeconds:0.00}");
        findings.Add($"CPU us per event and viewer{when}", $"{cpu.TotalMicroseconds / EventsPerSecond / viewers.Length:0.0}");
        Report(findings, when, latency);
        return (cpu, latency);
    }

    private static async Task SilentAsync(
        Site site, Viewer[] viewers, string stream, int count, int receiveBytes, (TimeSpan Cpu, LatencyHistogram Latency) calm, Findings findings)
    {
        const string When = " beside silent ones";
        var latency = new LatencyHistogram();
        Array.ForEach(viewers, viewer => viewer.Latency = latency);
        var before = site.Server.Usage;
        var peak = before.RssBytes;
        using var silent = new SilentViewers();
        var started = TimeProvider.System.GetTimestamp();
        await silent.ComeAsync(site.Server.EndPoint, stream, count, receiveBytes);
        using var timer = new PeriodicTimer(Second / 4);
        var first = TimeSpan.Zero;
        while (silent.Open > 0 && TimeProvider.System.GetElapsedTime(started) < SilentLimit && await timer.WaitForNextTickAsync())
        {
            silent.Look(site.Server.Address.Port);
            peak = Math.Max(peak, site.Server.Usage.RssBytes);
            first = first == default && silent.Open < count ? TimeProvider.System.GetElapsedTime(started) : first;
        }

        findings.Add("silent viewers", $"{count}");
        findings.Add("first / last let go of after, s", $"{first.TotalSeconds:0.0} / {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0.0}");
        findings.Check(silent.Open == 0, FormattableString.Invariant($"{silent.Open} silent viewers were not let go of within {SilentLimit.TotalSeconds} s"));
        findings.Add("memory before / at most, MB", $"{before.RssBytes / 1e6:0.0} / {peak / 1e6:0.0}");
        findings.Check(peak - before.RssBytes < 150_000_000, "memory grew by more than 150 MB");
        Report(findings, When, latency);
    }

    private static void Report(Findings findings, string when, LatencyHistogram latency) =>
        findings.Add($"delay p50 / p99 / most{when}, ms", $"{latency.Percentile(50) / 1e6:0.0} / {latency.Percentile(99) / 1e6:0.0} / {latency.Max / 1e6:0.0}");

    private static async Task ReadAsync(EventConnection connection, SharedAnswer answer, Findings findings)
    {
        while (await connection.ReadAsync())
        {
            findings.Check(answer.Take(connection.Sequence, connection.Data), "the one who asked reads different events");
        }
    }
}
