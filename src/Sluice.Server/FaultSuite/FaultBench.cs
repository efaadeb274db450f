using System.Diagnostics.Metrics;
using System.Globalization;
using Sluice.Pipeline;
using Sluice.Server.Features;
using Sluice.Server.Upstream;
using Sluice.Streams;

namespace Sluice.Server.FaultSuite;

/// <summary>Scripted targets and a Sluice server before them, all in this process, on 127.0.0.1.</summary>
internal sealed class FaultBench : IAsyncDisposable
{
    /// <summary>The model to ask for.</summary>
    public const string Model = "chat";

    /// <summary>How often the same target is asked again.</summary>
    public const int Retries = 2;

    /// <summary>How long the first target may take for the one wait that is limited.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    // All other waits may last a minute of real time: what is healthy never fails because the machine is busy.
    private static readonly TimeSpan Generous = TimeSpan.FromMinutes(1);

    // A server holds still within moments of its last answer, or never does.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    private readonly List<UpstreamServer> _targets = [];
    private WebApplication? _server;
    private FaultCounts? _counts;
    private FaultClient? _client;

    private FaultBench(string? limited, FastClock clock) => (Limited, Clock) = (limited, clock);

    /// <summary>The one wait for the first target that is limited to <see cref="Limit"/>; null for none.</summary>
    public string? Limited { get; }

    /// <summary>What everything here goes by.</summary>
    public FastClock Clock { get; }

    /// <summary>Asks.</summary>
    public FaultClient Client => _client!;

    /// <summary>What the server has counted.</summary>
    public FaultCounts Counts => _counts!;

    /// <summary>How many chat requests a target has seen; 0 where there is no such target.</summary>
    public long CallsOf(int target) => target < _targets.Count ? _targets[target].Stats.Requests : 0;

    /// <summary>How many tokens all targets have sent.</summary>
    public long TokensSent => _targets.Sum(target => target.Stats.Snapshot().TokensSent);

    /// <summary>Starts them.</summary>
    /// <param name="scenarios">One scenario for each target, the preferred one first.</param>
    /// <param name="limited">The one wait for the first target that is limited to <see cref="Limit"/>, by its setting's name; null for none.</param>
    /// <param name="interval">Between two tokens, on the clock.</param>
    /// <param name="clock">What everything here goes by.</param>
    /// <param name="seed">What a scenario that draws draws from.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<FaultBench> StartAsync(
        IReadOnlyList<string> scenarios, string? limited, TimeSpan interval, FastClock clock, long seed, CancellationToken cancellationToken)
    {
        var bench = new FaultBench(limited, clock);
        try
        {
            foreach (var scenario in scenarios)
            {
                bench._targets.Add(await UpstreamServer.StartAsync(new UpstreamOptions { Scenario = scenario, Interval = interval, Seed = seed }, clock, cancellationToken));
            }

            await bench.ServeAsync(cancellationToken);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until nothing is under way any more.</summary>
    /// <returns>What is left behind, in words; null for nothing.</returns>
    public async Task<string?> LeftBehindAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Settling);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(2), TimeProvider.System);
        try
        {
            while (Left() is not null) await tick.WaitForNextTickAsync(limit.Token);
            return null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Left();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _counts?.Dispose();
        if (_server is not null)
        {
            await _server.StopAsync(new CancellationToken(canceled: true));
            await _server.DisposeAsync();
        }

        foreach (var target in _targets) await target.DisposeAsync();
    }

    private string? Left()
    {
        var streams = _server!.Services.GetRequiredService<StreamHub>().Active;
        var permits = _server.Services.GetRequiredService<ModelRouter>().Table.Routes[Model].Targets.Sum(target => target.Health.Describe(Model, "", "").Active);
        var calls = _targets.Sum(target => target.Stats.Snapshot().Active);
        var uncounted = _targets.Sum(target => target.Stats.Requests) - Counts.Calls;
        return (streams, permits, calls, uncounted) == default ? null
            : string.Create(CultureInfo.InvariantCulture, $"{streams} streams, {permits} permits, {calls} open calls, {uncounted} calls not counted");
    }

    private async Task ServeAsync(CancellationToken cancellationToken)
    {
        var builder = SlimBuilder.Create();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(Settings());
        builder.Logging.ClearProviders();
        builder.UseSluiceKestrel();
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.Services.AddSluice(builder.Configuration.GetSection("Sluice"));
        _server = builder.Build();
        _counts = new FaultCounts(_server.Services.GetRequiredService<IMeterFactory>());
        _server.UseErrorShape();
        _server.MapSluice();
        await _server.StartAsync(cancellationToken);
        _client = new FaultClient(new Uri(_server.Urls.First()), Clock);
    }

    private IEnumerable<KeyValuePair<string, string?>> Settings()
    {
        var generous = (Generous * Clock.Factor).ToString("c", CultureInfo.InvariantCulture);
        yield return new("urls", "http://127.0.0.1:0");
        yield return new("Sluice:DefaultModel", Model);
        yield return new("Sluice:Retry:Retries", Retries.ToString(CultureInfo.InvariantCulture));
        yield return new("Sluice:Retry:Within", generous);
        foreach (var wait in (string[])["Connect", "Headers", "FirstToken", "Idle"]) yield return new($"Sluice:Timeouts:{wait}", generous);
        if (Limited is not null) yield return new($"Sluice:Models:{Model}:Targets:0:Timeouts:{Limited}", Limit.ToString("c", CultureInfo.InvariantCulture));
        for (var i = 0; i < _targets.Count; i++)
        {
            var at = i.ToString(CultureInfo.InvariantCulture);
            yield return new($"Sluice:Providers:target{at}:BaseUrl", _targets[i].Address + "/v1");
            yield return new($"Sluice:Models:{Model}:Targets:{at}:Provider", $"target{at}");
            yield return new($"Sluice:Models:{Model}:Targets:{at}:Model", "any");
        }
    }
}
