using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Sluice.Server.Features;
using Sluice.Server.Upstream;
using Sluice.Server.Upstream.Scenarios;

namespace Sluice.Tests.Canary;

/// <summary>The server before one upstream for each way to fail, with a key that must never be seen.</summary>
internal sealed class CanaryServer : IAsyncDisposable
{
    public const string Key = "sk-canary-4f1c99d27ab0e3";

    // One that sends 768 MiB, and one that needs a minute: what they show is shown elsewhere.
    private static readonly string[] LeftOut = ["huge-line", "s15"];

    private readonly List<IAsyncDisposable> _upstreams = [];
    private WebApplication? _app;

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(90) };

    public QuotingUpstream Quoting { get; private set; } = null!;

    public SeenSigns Signs { get; private set; } = null!;

    /// <summary>Models, each of an upstream that fails in a way of its own; whether it quotes.</summary>
    public List<(string Model, bool Quotes)> Models { get; } = [];

    public IReadOnlyList<FakeLogRecord> Log => _app!.Services.GetFakeLogCollector().GetSnapshot();

    public static async Task<CanaryServer> StartAsync()
    {
        var server = new CanaryServer();
        try
        {
            await server.RunAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Signs?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
        }

        foreach (var upstream in _upstreams)
        {
            await upstream.DisposeAsync();
        }
    }

    private async Task RunAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Sluice"] = "Trace",
            ["Sluice:Retry:Retries"] = "0",
            ["Sluice:Rescue:Enabled"] = "false",
            ["Sluice:Breaker:Enabled"] = "false",
        };
        Quoting = await QuotingUpstream.StartAsync();
        _upstreams.Add(Quoting);
        foreach (var way in QuotingUpstream.Ways)
        {
            Connect(settings, $"quoting{way}", Quoting.Address(way), quotes: true);
        }

        foreach (var scenario in ScenarioRegistry.All.Where(entry => !LeftOut.Contains(entry.Name, StringComparer.Ordinal)))
        {
            var upstream = await UpstreamServer.StartAsync(new UpstreamOptions { Scenario = scenario.Name, Tokens = 12 }, TimeProvider.System, TestContext.Current.CancellationToken);
            _upstreams.Add(upstream);
            Connect(settings, $"p-{scenario.Name}", $"{upstream.Address}/v1", quotes: false);
        }

        var builder = SlimBuilder.Create();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.UseSluiceKestrel();
        builder.Logging.UseSluiceLogging(builder.Configuration);
        builder.Services.RemoveAll<ILoggerProvider>();
        builder.Logging.AddFakeLogging();
        builder.Services.AddSluice(builder.Configuration.GetSection("Sluice"));
        _app = builder.Build();
        Signs = new SeenSigns(_app.Services.GetRequiredService<IMeterFactory>());
        _app.UseRequestIds();
        _app.UseErrorShape();
        _app.MapSluice();
        await _app.StartAsync(TestContext.Current.CancellationToken);
        Client.BaseAddress = new Uri(_app.Urls.First());
    }

    private void Connect(Dictionary<string, string?> settings, string name, string address, bool quotes)
    {
        settings[$"Sluice:Providers:{name}:Type"] = Models.Count % 2 == 0 ? "openai" : "bella";
        settings[$"Sluice:Providers:{name}:BaseUrl"] = address;
        settings[$"Sluice:Providers:{name}:ApiKey"] = Key;
        foreach (var wait in (string[])["Headers", "FirstToken", "Idle", "NonStreaming"])
        {
            settings[$"Sluice:Providers:{name}:Timeouts:{wait}"] = "00:00:00.300";
        }

        Models.Add(($"{name}/m", quotes));
    }
}
