using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>Every metric of Sluice, in one Meter. Nothing here is touched per token.</summary>
/// <remarks>docs/metrics.md says what each is good for. Names and buckets of <c>gen_ai.*</c> are those of the OpenTelemetry GenAI conventions:
/// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/</remarks>
internal sealed class SluiceMetrics
{
    /// <summary>The Meter's name.</summary>
    public const string MeterName = "Sluice";

    public SluiceMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        Generations = new GenerationMetrics(meter);
        Streams = new StreamMetrics(meter);
        Attempts = new AttemptMetrics(meter);
        Traffic = new TrafficMetrics(meter);
        Targets = new TargetMetrics(meter);
        _ = new ProcessMetrics(meter);
        meter.CreateObservableUpDownCounter("sluice.tasks.active", Tasks, "{task}", "What runs, by kind");
    }

    /// <summary>Questions, as those who ask see them.</summary>
    public GenerationMetrics Generations { get; }

    /// <summary>Streams and their viewers.</summary>
    public StreamMetrics Streams { get; }

    /// <summary>Calls of upstreams.</summary>
    public AttemptMetrics Attempts { get; }

    /// <summary>Connections and bytes between Sluice and its upstreams.</summary>
    public TrafficMetrics Traffic { get; }

    /// <summary>How targets do.</summary>
    public TargetMetrics Targets { get; }

    private IEnumerable<Measurement<long>> Tasks()
    {
        var streams = Streams;
        return
        [
            Task(streams.Running.Active, "generation"),
            Task(streams.ActiveCompletions(), "completion"),
            Task(streams.Viewers.Active, "viewer"),
            Task(Attempts.Active, "upstream_call"),
        ];
    }

    private static Measurement<long> Task(long count, string kind) => new(count, new KeyValuePair<string, object?>("sluice.task.kind", kind));
}
