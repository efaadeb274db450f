using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>What limits refuse and what answers cost. Labels are a fixed few words and the models of the configuration.</summary>
internal sealed class LimitMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<double> _spent;

    public LimitMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(SluiceMetrics.MeterName);
        _refused = meter.CreateCounter<long>("sluice.limits.refused", "{question}", "Questions that were refused since a limit was reached or a budget spent");
        _spent = meter.CreateCounter<double>("sluice.spending.cost", "{cost}", "What answers have cost, in the unit of the price table");
    }

    /// <summary>A question was refused.</summary>
    /// <param name="limit">Which limit.</param>
    /// <param name="scope">Whose: <c>caller</c> or <c>model</c>.</param>
    public void Refused(string limit, string scope) =>
        _refused.Add(1, new KeyValuePair<string, object?>("sluice.limit", limit), new KeyValuePair<string, object?>("sluice.limit.scope", scope));

    /// <summary>An answer has cost something.</summary>
    /// <param name="model">The model's name in the configuration; null for one that has no entry there.</param>
    /// <param name="cost">What.</param>
    public void Spent(string? model, decimal cost) =>
        _spent.Add((double)cost, new KeyValuePair<string, object?>("gen_ai.request.model", model ?? "other"));
}
