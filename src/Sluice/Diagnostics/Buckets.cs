using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>The buckets that the OpenTelemetry GenAI conventions name for their histograms.</summary>
/// <remarks>https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/</remarks>
internal static class Buckets
{
    /// <summary>The whole of something, in seconds.</summary>
    public static readonly InstrumentAdvice<double> Duration = new()
    { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    /// <summary>Until the first token, in seconds.</summary>
    public static readonly InstrumentAdvice<double> FirstToken = new()
    { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0] };

    /// <summary>From one token to the next, in seconds.</summary>
    public static readonly InstrumentAdvice<double> PerToken = new()
    { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 2.5] };
}
