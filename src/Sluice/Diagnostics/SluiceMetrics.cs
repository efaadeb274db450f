using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>Every metric of Sluice, in one Meter. Nothing here is touched per token.</summary>
/// <remarks>Names and buckets of <c>gen_ai.*</c> are those of the OpenTelemetry GenAI conventions:
/// https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/</remarks>
internal sealed class SluiceMetrics
{
    /// <summary>The Meter's name.</summary>
    public const string MeterName = "Sluice";

    private static readonly InstrumentAdvice<double> DurationBuckets = new()
    { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    private readonly Meter _meter;
    private readonly UpDownCounter<long> _activeStreams;
    private readonly Counter<long> _endedStreams;
    private readonly Counter<long> _malformedChunks;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _refusedRetries;
    private readonly Counter<long> _hedges;
    private readonly Counter<long> _wonHedges;
    private readonly Counter<long> _refusedHedges;
    private readonly Counter<long> _inputTokens;
    private readonly Counter<long> _outputTokens;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _timeToFirstChunk;

    public SluiceMetrics(IMeterFactory meters)
    {
        var meter = _meter = meters.Create(MeterName);
        _activeStreams = meter.CreateUpDownCounter<long>("sluice.streams.active", "{stream}", "Generations that run");
        _endedStreams = meter.CreateCounter<long>("sluice.streams.ended", "{stream}", "Generations that ended, by outcome");
        _malformedChunks = meter.CreateCounter<long>("sluice.upstream.malformed_chunks", "{chunk}", "Upstream chunks that were not JSON and were left out");
        _attempts = meter.CreateCounter<long>("sluice.upstream.attempts", "{call}", "Calls of upstreams, retries included, by outcome");
        _refusedRetries = meter.CreateCounter<long>("sluice.upstream.refused_retries", "{retry}", "Retries that were left out since the budget for them was used up");
        _hedges = meter.CreateCounter<long>("sluice.upstream.hedges", "{call}", "Second targets that were asked beside a slow first one");
        _wonHedges = meter.CreateCounter<long>("sluice.upstream.won_hedges", "{call}", "Second targets that were the first to answer");
        _refusedHedges = meter.CreateCounter<long>("sluice.upstream.refused_hedges", "{call}", "Second targets that were not asked since the share for them was used up");
        _inputTokens = meter.CreateCounter<long>("gen_ai.client.inference.usage.input_tokens", "{token}", "Prompt tokens, as the upstream counted them or as estimated");
        _outputTokens = meter.CreateCounter<long>("gen_ai.client.inference.usage.output_tokens", "{token}", "Answer tokens, as the upstream counted them or as estimated");
        _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "The whole of one upstream call", tags: null, DurationBuckets);
        _timeToFirstChunk = meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "From the question to the first token", tags: null, DurationBuckets);
    }

    /// <summary>A generation has started.</summary>
    public void StreamStarted() => _activeStreams.Add(1);

    /// <summary>A generation has ended.</summary>
    /// <param name="outcome"><c>done</c>, <c>cancelled</c>, or an error code.</param>
    public void StreamEnded(string outcome)
    {
        _activeStreams.Add(-1);
        _endedStreams.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
    }

    /// <summary>An upstream chunk was not JSON.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    public void MalformedChunk(string provider) => _malformedChunks.Add(1, new KeyValuePair<string, object?>("gen_ai.provider.name", provider));

    /// <summary>A call of an upstream has ended: one of several, where a question was asked again.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    /// <param name="errorType">An error code, <c>cancelled</c>, or null for a whole answer.</param>
    public void AttemptEnded(string provider, string? errorType) =>
        _attempts.Add(1, new KeyValuePair<string, object?>("gen_ai.provider.name", provider), new KeyValuePair<string, object?>("error.type", errorType));

    /// <summary>Shows how targets do whenever somebody looks.</summary>
    /// <param name="targets">Each with the model it answers for, its provider, the calls that run, and its circuit in a word.</param>
    public void ObserveTargets(Func<IEnumerable<(string Model, string Provider, int Active, string Circuit)>> targets)
    {
        _meter.CreateObservableGauge("sluice.target.active", () => targets().Select(target => new Measurement<long>(target.Active, Tags(target.Model, target.Provider))),
            "{call}", "Calls of a target that run");
        _meter.CreateObservableGauge("sluice.target.circuit_open", () => targets().Select(target => new Measurement<long>(target.Circuit is "open" or "half_open" ? 1 : 0, Tags(target.Model, target.Provider))),
            "{target}", "1 while a target is left alone since it failed too often");
    }

    private static KeyValuePair<string, object?> Tag(string model) => new("gen_ai.request.model", model);

    private static KeyValuePair<string, object?>[] Tags(string model, string provider) =>
        [new("gen_ai.request.model", model), new("gen_ai.provider.name", provider)];

    /// <summary>A retry was left out, since there had been too many.</summary>
    public void RetryRefused() => _refusedRetries.Add(1);

    /// <summary>A second target is asked beside a slow first one.</summary>
    /// <param name="model">The model, as the configuration names it.</param>
    public void HedgeStarted(string model) => _hedges.Add(1, Tag(model));

    /// <summary>The second target was the first to answer.</summary>
    /// <param name="model">The model, as the configuration names it.</param>
    public void HedgeWon(string model) => _wonHedges.Add(1, Tag(model));

    /// <summary>No second target was asked, since there had been too many.</summary>
    /// <param name="model">The model, as the configuration names it.</param>
    public void HedgeRefused(string model) => _refusedHedges.Add(1, Tag(model));

    /// <summary>The first token has come.</summary>
    /// <param name="model">The model as asked for.</param>
    /// <param name="seconds">Since the question.</param>
    public void FirstToken(string model, double seconds) =>
        _timeToFirstChunk.Record(seconds, new KeyValuePair<string, object?>("gen_ai.request.model", model));

    /// <summary>What a generation has cost is settled: once, at its end.</summary>
    /// <param name="model">The model as asked for.</param>
    /// <param name="input">Prompt tokens.</param>
    /// <param name="output">Answer tokens.</param>
    public void Tokens(string model, TokenCount input, TokenCount output)
    {
        Add(_inputTokens, input);
        Add(_outputTokens, output);

        void Add(Counter<long> counter, TokenCount count) => counter.Add(count.Tokens,
            new KeyValuePair<string, object?>("gen_ai.request.model", model), new KeyValuePair<string, object?>("sluice.usage.estimated", count.IsEstimated));
    }

    /// <summary>An upstream call has ended.</summary>
    /// <param name="model">The model as asked for.</param>
    /// <param name="seconds">The whole call.</param>
    /// <param name="errorType">An error code, <c>cancelled</c>, or null for a whole answer.</param>
    public void CallEnded(string model, double seconds, string? errorType) =>
        _duration.Record(seconds, new KeyValuePair<string, object?>("gen_ai.request.model", model), new KeyValuePair<string, object?>("error.type", errorType));
}
