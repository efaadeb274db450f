using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Diagnostics;
using Sluice.Tests.Support;

namespace Sluice.Tests.Diagnostics;

public sealed class StreamMetricsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stopped_SaysWhoWantedIt()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang());
        using var stopped = Collector(host, "sluice.streams.stopped");
        using var response = await host.Client.GetAsync("/ask/stream?prompt=a", HttpCompletionOption.ResponseHeadersRead, Token);
        var id = Assert.Single(response.Headers.GetValues("X-Sluice-Stream-Id"));
        using var cancelled = await host.Client.PostAsync($"/v1/streams/{id}/cancel", content: null, Token);
        await Within.UntilAsync(() => stopped.LastMeasurement is not null);
        Assert.Equal("requested", stopped.LastMeasurement!.Tags["sluice.stop.cause"]);
    }

    [Fact]
    public async Task Stopped_WhenTheClientLeaves_SaysSo()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang());
        using var stopped = Collector(host, "sluice.streams.stopped");
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=a&on_disconnect=cancel");
        await host.Script.Asked.Soon();
        client.Reset();
        await Within.UntilAsync(() => stopped.LastMeasurement is not null);
        Assert.Equal("client_left", stopped.LastMeasurement!.Tags["sluice.stop.cause"]);
    }

    [Fact]
    public async Task Totals_OfAStreamThatWasRead_AreItsEventsAndBytes()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Text("b").Finish().Done());
        var streams = host.Services.GetRequiredService<SluiceMetrics>().Streams;
        var body = await host.Client.GetByteArrayAsync("/ask/stream?prompt=a", Token);
        await Within.UntilAsync(() => streams.Running.Active == 0 && streams.Viewers.Active == 0);
        Assert.Equal(streams.Running.Read(), streams.Viewers.Read());
        Assert.Equal(body.Length, streams.Viewers.Read().Bytes);
    }

    private static MetricCollector<long> Collector(SluiceHost host, string name) => new(host.Services.GetRequiredService<IMeterFactory>(), SluiceMetrics.MeterName, name);
}
