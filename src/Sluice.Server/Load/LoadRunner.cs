namespace Sluice.Server.Load;

/// <summary>Runs the streams: first those that warm up, then those that are measured.</summary>
/// <remarks>
/// One worker per stream at a time; each takes the next number until there is none. A watch beside them, once a second, ends
/// silent streams and reads the watched processes.
/// </remarks>
internal sealed class LoadRunner(LoadOptions options, TimeProvider time)
{
    private static readonly TimeSpan WatchInterval = TimeSpan.FromSeconds(1);

    private readonly ProcessWatch[] _processes = [.. options.Pids.Select(static pid => new ProcessWatch(pid))];
    private LoadMeter _meter = new();

    /// <summary>Streams that have ended so far, of the part that is running.</summary>
    public long Ended => _meter.Ok + _meter.Failed + _meter.Stopped;

    /// <summary>What has been measured so far.</summary>
    public LoadMeter Meter => _meter;

    /// <summary>Runs all of it, or until it is stopped: what was measured until then is reported all the same.</summary>
    public async Task<LoadReport> RunAsync(CancellationToken stop)
    {
        using var http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            ResponseDrainTimeout = TimeSpan.Zero,
        });
        var request = new LoadRequest(options);
        var probes = Enumerable.Range(0, options.Concurrency).Select(_ => new StreamProbe(http, request, options.Target.Dialect, time)).ToArray();
        if (options.Warmup > 0) await RunAllAsync(probes, options.Warmup, TimeSpan.Zero, stop);
        _meter = new LoadMeter();
        foreach (var process in _processes) process.Begin();
        var started = time.GetTimestamp();
        await RunAllAsync(probes, options.Streams, options.Ramp, stop);
        var seconds = time.GetElapsedTime(started).TotalSeconds;
        foreach (var process in _processes) process.Sample();
        return Report(seconds);
    }

    private async Task RunAllAsync(StreamProbe[] probes, int streams, TimeSpan ramp, CancellationToken stop)
    {
        var next = -1;
        using var done = new CancellationTokenSource();
        var watch = WatchAsync(probes, done.Token);
        var workers = probes.Take(Math.Min(probes.Length, streams)).Select((probe, i) => WorkAsync(probe, ramp * i / probes.Length));
        await Task.WhenAll(workers);
        await done.CancelAsync();
        await watch;

        async Task WorkAsync(StreamProbe probe, TimeSpan delay)
        {
            try
            {
                await Task.Delay(delay, time, stop);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            while (!stop.IsCancellationRequested && Interlocked.Increment(ref next) < streams) await probe.RunAsync(_meter, stop);
        }
    }

    private async Task WatchAsync(StreamProbe[] probes, CancellationToken done)
    {
        using var timer = new PeriodicTimer(WatchInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(done))
            {
                foreach (var probe in probes) probe.Watch(options.Timeout);
                foreach (var process in _processes) process.Sample();
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The workers are done: so is the watch.
        }
    }

    private LoadReport Report(double seconds) => new()
    {
        Url = options.Target.Url.ToString(),
        Dialect = options.Target.Dialect == LoadDialect.Native ? "native" : "openai",
        Model = options.Model,
        Streams = options.Streams,
        Concurrency = options.Concurrency,
        Ok = _meter.Ok,
        Failed = _meter.Failed,
        Stopped = _meter.Stopped,
        Seconds = Math.Round(seconds, 3),
        Tokens = _meter.Tokens,
        TokensPerSecond = seconds > 0 ? Math.Round(_meter.Tokens / seconds, 1) : 0,
        Bytes = _meter.Bytes,
        TtftUs = LatencyReport.From(_meter.FirstToken),
        GapUs = LatencyReport.From(_meter.Gap),
        DeliveryUs = LatencyReport.From(_meter.Delivery),
        Errors = new SortedDictionary<string, long>(_meter.Errors, StringComparer.Ordinal),
        Processes = [.. _processes.Select(p => p.Report(_meter.Tokens))],
    };
}
