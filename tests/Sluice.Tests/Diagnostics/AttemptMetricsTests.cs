using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Tests.Support;

namespace Sluice.Tests.Diagnostics;

public sealed class AttemptMetricsTests
{
    private readonly IMeterFactory _meters = TestMeters.Factory();
    private readonly SluiceMetrics _metrics;

    public AttemptMetricsTests() => _metrics = new SluiceMetrics(_meters);

    [Theory]
    [InlineData(ChatErrorKind.ConnectTimeout, "connect")]
    [InlineData(ChatErrorKind.HeadersTimeout, "headers")]
    [InlineData(ChatErrorKind.FirstTokenTimeout, "first_token")]
    [InlineData(ChatErrorKind.IdleTimeout, "idle")]
    [InlineData(ChatErrorKind.CompletionTimeout, "whole")]
    public void Ended_Timeout_IsCountedByKind(ChatErrorKind kind, string word)
    {
        using var timeouts = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.upstream.timeouts");
        _metrics.Attempts.Began();
        _metrics.Attempts.Ended("p", AttemptReason.First, 1, new ChatProviderException(kind, "x").Label);
        Assert.Equal(("p", word), (timeouts.LastMeasurement!.Tags["gen_ai.provider.name"], timeouts.LastMeasurement.Tags["sluice.timeout.kind"]));
    }

    [Theory]
    [InlineData(AttemptReason.First, "first")]
    [InlineData(AttemptReason.Retry, "retry")]
    [InlineData(AttemptReason.Failover, "failover")]
    [InlineData(AttemptReason.Hedge, "hedge")]
    [InlineData(AttemptReason.Rescue, "rescue")]
    public void Ended_SaysWhyTheCallWasMade(object reason, string word)
    {
        using var attempts = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.upstream.attempts");
        using var truncations = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.upstream.truncations");
        _metrics.Attempts.Began();
        Assert.Equal(1, _metrics.Attempts.Active);
        _metrics.Attempts.Ended("p", (AttemptReason)reason, 1, ChatProviderException.Truncated().Label);
        Assert.Equal(0, _metrics.Attempts.Active);
        Assert.Equal((word, "upstream_truncated"), (attempts.LastMeasurement!.Tags["sluice.attempt.reason"], attempts.LastMeasurement.Tags["error.type"]));
        Assert.Equal(1, truncations.LastMeasurement!.Value);
    }

    [Fact]
    public void Label_OfAnUpstreamsOwnCode_IsOneWord() => Assert.Equal(
        ("context_length_exceeded", "invalid_request"),
        (new ChatProviderException(ChatErrorKind.InvalidRequest, "x") { UpstreamCode = "context_length_exceeded" }.Code,
            new ChatProviderException(ChatErrorKind.InvalidRequest, "x") { UpstreamCode = "context_length_exceeded" }.Label));

    [Fact]
    public void Circuit_IsOneInTheStateThatHolds()
    {
        using var circuit = new MetricCollector<long>(_meters, SluiceMetrics.MeterName, "sluice.target.circuit");
        _metrics.Targets.Observe(static () => [("chat", "p", 3, "open"), ("p", "p", 0, "off")]);
        circuit.RecordObservableInstruments();
        Assert.Equal(
            [("closed", 0L), ("half_open", 0L), ("open", 1L)],
            circuit.GetMeasurementSnapshot().Select(one => ((string)one.Tags["sluice.circuit.state"]!, one.Value)).Order());
    }
}
