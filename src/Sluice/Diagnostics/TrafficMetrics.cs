using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>Connections and bytes between Sluice and its upstreams, by provider.</summary>
internal sealed class TrafficMetrics
{
    // Those of a configuration that is no longer in force stay: their totals must not go back.
    private readonly ConcurrentDictionary<string, UpstreamTraffic> _upstreams = new(StringComparer.OrdinalIgnoreCase);
    private readonly Counter<long> _failed;

    public TrafficMetrics(Meter meter)
    {
        _failed = meter.CreateCounter<long>("sluice.upstream.connections.failed", "{connection}", "Connections to upstreams that did not come about, by kind");
        meter.CreateObservableCounter("sluice.upstream.connections.opened", () => Each(static upstream => upstream.Opened), "{connection}", "Connections to upstreams that were made");
        meter.CreateObservableUpDownCounter("sluice.upstream.connections.active", () => Each(static upstream => upstream.Active), "{connection}", "Connections to upstreams that stand");
        meter.CreateObservableCounter("sluice.upstream.received", () => Each(static upstream => upstream.Received), "By", "Bytes from upstreams, counted when an answer has ended");
        meter.CreateObservableCounter("sluice.upstream.sent", () => Each(static upstream => upstream.Sent), "By", "Bytes of bodies that were sent to upstreams");
    }

    /// <summary>The traffic of one upstream.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    public UpstreamTraffic Of(string provider) =>
        _upstreams.GetOrAdd(provider, static (name, failed) => new UpstreamTraffic(kind => failed.Add(1, Tags.Provider(name), Tags.Error(kind))), _failed);

    private IEnumerable<Measurement<long>> Each(Func<UpstreamTraffic, long> value) =>
        _upstreams.Select(pair => new Measurement<long>(value(pair.Value), Tags.Provider(pair.Key)));
}
