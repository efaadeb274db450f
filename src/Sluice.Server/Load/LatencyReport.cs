namespace Sluice.Server.Load;

/// <summary>One distribution, in microseconds.</summary>
internal sealed record LatencyReport(long Count, double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>Reads a histogram; null if it is empty.</summary>
    public static LatencyReport? From(LatencyHistogram histogram) => histogram.Count == 0
        ? null
        : new LatencyReport(
            histogram.Count,
            histogram.Percentile(50) / 1000d,
            histogram.Percentile(90) / 1000d,
            histogram.Percentile(99) / 1000d,
            histogram.Percentile(99.9) / 1000d,
            histogram.Max / 1000d);
}
