using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>How targets do, whenever somebody looks.</summary>
internal sealed class TargetMetrics(Meter meter)
{
    private static readonly string[] States = ["closed", "half_open", "open"];

    /// <summary>Shows them.</summary>
    /// <param name="targets">Each with the model it answers for, its provider, the calls that run, and its circuit in a word.</param>
    public void Observe(Func<IEnumerable<(string Model, string Provider, int Active, string Circuit)>> targets)
    {
        meter.CreateObservableUpDownCounter("sluice.target.active", () => targets().Select(target => new Measurement<long>(target.Active, Tags.Model(target.Model), Tags.Provider(target.Provider))),
            "{call}", "Calls of a target that run");
        meter.CreateObservableGauge("sluice.target.circuit", () => targets().Where(target => States.Contains(target.Circuit, StringComparer.Ordinal)).SelectMany(target =>
                States.Select(state => new Measurement<long>(target.Circuit == state ? 1 : 0, Tags.Model(target.Model), Tags.Provider(target.Provider), new("sluice.circuit.state", state)))),
            "{target}", "1 in the state that a target's circuit is in: open while it is left alone since it failed too often");
    }
}
