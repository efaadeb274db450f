using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Sluice.Diagnostics;

namespace Sluice.Tests.Canary;

/// <summary>Everything that one server says in metrics and that any says in traces: names, labels, attributes, events.</summary>
internal sealed class SeenSigns : IDisposable
{
    private readonly MeterListener _metrics = new();
    private readonly ActivityListener _traces;

    public SeenSigns(IMeterFactory meters)
    {
        _metrics.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SluiceMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _metrics.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Take(instrument, tags));
        _metrics.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Take(instrument, tags));
        _metrics.Start();
        _traces = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == SluiceTraces.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Spans.Add,
        };
        ActivitySource.AddActivityListener(_traces);
    }

    /// <summary>Labels of metrics.</summary>
    public ConcurrentBag<string> Labels { get; } = [];

    /// <summary>Spans that have ended, of every server in the process.</summary>
    public ConcurrentBag<Activity> Spans { get; } = [];

    /// <summary>All that spans say.</summary>
    public IEnumerable<string> SpanTexts => Spans.SelectMany(span => span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}")
        .Concat(span.Events.Select(e => $"{e.Name} {string.Join(' ', e.Tags)}")).Concat(span.Baggage.Select(pair => $"{pair.Key}={pair.Value}"))
        .Append(span.DisplayName).Append(span.OperationName).Append(span.StatusDescription ?? "").Append(span.TraceStateString ?? ""));

    /// <summary>Looks at what is only there when somebody looks.</summary>
    public void Look() => _metrics.RecordObservableInstruments();

    public void Dispose()
    {
        _metrics.Dispose();
        _traces.Dispose();
    }

    private void Take(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tag in tags)
        {
            Labels.Add($"{instrument.Name} {tag.Key}={tag.Value}");
        }
    }
}
