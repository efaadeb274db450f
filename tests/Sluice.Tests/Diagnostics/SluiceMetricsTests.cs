using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Streams;
using Sluice.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using System.IO.Pipelines;

namespace Sluice.Tests.Diagnostics;

public sealed class SluiceMetricsTests
{
    private readonly IMeterFactory _meters = TestMeters.Factory();
    private readonly SluiceMetrics _metrics;

    public SluiceMetricsTests() => _metrics = new SluiceMetrics(_meters);

    [Theory]
    [InlineData("done")]
    [InlineData("rate_limited")]
    [InlineData("internal_error")]
    [InlineData("cancelled")]
    public async Task Streams_AreCountedUpAndDownByOutcome(string outcome)
    {
        using var active = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.streams.active");
        using var ended = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.streams.ended");
        var script = outcome switch
        {
            "done" => new Script().Text("a").Finish().Done(),
            "rate_limited" => new Script().Fail(new ChatProviderException(ChatErrorKind.RateLimited, "x")),
            "internal_error" => new Script().Fail(new InvalidOperationException()),
            _ => new Script().Hang(),
        };
        var hub = new StreamHub(new ScriptedProvider(script), new StreamOptions(), TimeProvider.System, _metrics, NullLogger<StreamHub>.Instance);
        var session = hub.OpenNative(ChatRequest.FromQuestion("q"), "m", DisconnectPolicy.Cancel);
        using (var viewer = session.Attach(CancellationToken.None))
        {
            hub.Start(session);
            if (outcome != "cancelled")
            {
                await viewer.RunAsync(PipeWriter.Create(Stream.Null)).Soon();
            }
        }

        await Within.UntilAsync(() => ended.GetMeasurementSnapshot().Count == 1);
        Assert.Equal([1, -1], active.GetMeasurementSnapshot().Select(measurement => measurement.Value));
        Assert.Equal(outcome, ended.GetMeasurementSnapshot()[0].Tags["outcome"]);
    }

    [Fact]
    public void Calls_HaveTheConventionsNames()
    {
        using var duration = new MetricCollector<double>(_meters, SluiceMetrics.MeterName, "gen_ai.server.request.duration");
        using var first = new MetricCollector<double>(_meters, SluiceMetrics.MeterName, "gen_ai.server.time_to_first_token");
        using var input = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "gen_ai.client.inference.usage.input_tokens");
        using var output = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "gen_ai.client.inference.usage.output_tokens");
        using var malformed = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.upstream.malformed_chunks");
        _metrics.Generations.FirstToken("m", 0.5);
        _metrics.Generations.Tokens("m", new TokenCount(3, false), new TokenCount(4, true));
        _metrics.Generations.Ended("m", 1.5, 0.25, "rate_limited");
        _metrics.Attempts.MalformedChunk("p");
        Assert.Equal((1.5, "m", "rate_limited"), (duration.LastMeasurement!.Value, duration.LastMeasurement.Tags["gen_ai.request.model"], duration.LastMeasurement.Tags["error.type"]));
        Assert.Equal(0.5, first.LastMeasurement!.Value);
        Assert.Equal((3L, false, 4L, true), (input.LastMeasurement!.Value, input.LastMeasurement.Tags["sluice.usage.estimated"], output.LastMeasurement!.Value, output.LastMeasurement.Tags["sluice.usage.estimated"]));
        Assert.Equal("p", malformed.LastMeasurement!.Tags["gen_ai.provider.name"]);
    }
}
