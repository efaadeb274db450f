using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Sluice.Hosting;
using Sluice.Server.Access;
using Sluice.Server.Conversations;
using Sluice.Server.Features;
using Sluice.Streams;

namespace Sluice.Tests.Support;

/// <summary>The server as it is, on a real socket of 127.0.0.1, with a scripted provider named <c>scripted</c>.</summary>
internal sealed class SluiceHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SluiceHost(WebApplication app, FakeTimeProvider time, Script script)
    {
        _app = app;
        Time = time;
        Script = script;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Port = new Uri(address).Port;
        Client = new HttpClient { BaseAddress = new Uri(address) };
    }

    public FakeTimeProvider Time { get; }

    public Script Script { get; }

    public int Port { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public StreamHub Hub => Services.GetRequiredService<StreamHub>();

    /// <summary>What a person would find in the log.</summary>
    public IReadOnlyList<FakeLogRecord> Log => Services.GetFakeLogCollector().GetSnapshot();

    public IConfigurationRoot Configuration => (IConfigurationRoot)Services.GetRequiredService<IConfiguration>();

    public static Task<SluiceHost> StartAsync(Script script, params (string Name, string? Value)[] settings) => StartAsync(script, null, settings);

    public static async Task<SluiceHost> StartAsync(Script script, Action<ISluiceBuilder>? configure, params (string Name, string? Value)[] settings)
    {
        var builder = SlimBuilder.Create();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Name, setting => setting.Value, StringComparer.Ordinal));
        builder.Configuration["urls"] = "http://127.0.0.1:0";

        // Where a test names no place for them, none are kept: the default one is this user's own.
        builder.Configuration["Sluice:Conversations:Enabled"] ??= settings.Any(setting => setting.Name.StartsWith("Sluice:Conversations:", StringComparison.Ordinal)) ? "true" : "false";
        builder.UseSluiceKestrel();
        builder.Logging.UseSluiceLogging(builder.Configuration);
        builder.Services.RemoveAll<ILoggerProvider>();
        builder.Logging.AddFakeLogging();
        builder.Services.AddSluiceShutdown(builder.Configuration);
        var time = new FakeTimeProvider();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddSingleton(script);
        var sluice = builder.Services.AddSluice(builder.Configuration.GetSection("Sluice")).AddProvider<ScriptedProvider>("scripted");
        sluice.KnowConversations().KnowAccess();
        builder.AddSluiceAccess();
        builder.Services.AddSluiceConversations(builder.Configuration);
        configure?.Invoke(sluice);
        builder.Services.AddStatusFigures();
        var hasMetrics = builder.Configuration["Sluice:Metrics:Prometheus"] == "true";
        if (hasMetrics)
        {
            builder.Services.AddSluiceTelemetry(builder.Configuration);
        }

        var app = builder.Build();
        app.UseRequestIds();
        app.UseErrorShape();
        app.UseSluiceAccess();
        var site = app.MapSluiceAccess();
        site.MapSluice();
        site.MapConversations();
        site.MapWebPages();
        site.MapApiReference();
        site.MapStatusEvents();
        if (hasMetrics)
        {
            site.MapMetrics();
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SluiceHost(app, time, script);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        foreach (var lifetime in Services.GetServices<IHostApplicationLifetime>())
        {
            lifetime.StopApplication();
        }

        await _app.DisposeAsync();
    }
}
