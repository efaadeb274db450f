using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>Calls of upstreams: one of several, where a question was asked again.</summary>
internal sealed class AttemptMetrics(Meter meter)
{
    private readonly Histogram<double> _duration = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "The whole of one upstream call", tags: null, Buckets.Duration);
    private readonly Histogram<double> _firstChunk = meter.CreateHistogram("gen_ai.client.operation.time_to_first_chunk", "s", "From an upstream call to its first token", tags: null, Buckets.Duration);
    private readonly Counter<long> _attempts = meter.CreateCounter<long>("sluice.upstream.attempts", "{call}", "Calls of upstreams that ended, by why they were made and how they ended");
    private readonly Counter<long> _timeouts = meter.CreateCounter<long>("sluice.upstream.timeouts", "{call}", "Calls of upstreams that ran into a time limit, by kind");
    private readonly Counter<long> _truncations = meter.CreateCounter<long>("sluice.upstream.truncations", "{call}", "Calls of upstreams whose answer broke off");
    private readonly Counter<long> _malformed = meter.CreateCounter<long>("sluice.upstream.malformed_chunks", "{chunk}", "Upstream chunks that were not JSON and were left out");
    private readonly Counter<long> _refusedRetries = meter.CreateCounter<long>("sluice.upstream.refused_retries", "{retry}", "Retries that were left out since the budget for them was used up");
    private readonly Counter<long> _hedges = meter.CreateCounter<long>("sluice.upstream.hedges", "{call}", "Second targets that were asked beside a slow first one");
    private readonly Counter<long> _wonHedges = meter.CreateCounter<long>("sluice.upstream.won_hedges", "{call}", "Second targets that were the first to answer");
    private readonly Counter<long> _refusedHedges = meter.CreateCounter<long>("sluice.upstream.refused_hedges", "{call}", "Second targets that were not asked since the share for them was used up");
    private readonly Counter<long> _rescues = meter.CreateCounter<long>("sluice.rescues", "{answer}", "Answers that broke off and were carried on, by way");
    private readonly Counter<long> _lost = meter.CreateCounter<long>("sluice.rescues.failed", "{answer}", "Answers that broke off and that nobody could carry on");
    private long _active;

    /// <summary>Calls that are under way.</summary>
    public long Active => Interlocked.Read(ref _active);

    /// <summary>A call begins.</summary>
    public void Began() => Interlocked.Increment(ref _active);

    /// <summary>The first token of a call has come.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    /// <param name="seconds">Since the call.</param>
    public void FirstToken(string provider, double seconds) => _firstChunk.Record(seconds, Tags.Chat, Tags.Provider(provider));

    /// <summary>A call has ended.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    /// <param name="reason">Why it was made.</param>
    /// <param name="seconds">The whole of it.</param>
    /// <param name="errorType">An error code, <c>cancelled</c>, or null for a whole answer.</param>
    public void Ended(string provider, AttemptReason reason, double seconds, string? errorType)
    {
        Interlocked.Decrement(ref _active);
        _attempts.Add(1, Tags.Provider(provider), new KeyValuePair<string, object?>("sluice.attempt.reason", Word(reason)), Tags.Error(errorType));
        _duration.Record(seconds, Tags.Chat, Tags.Provider(provider), Tags.Error(errorType));
        if (Timeout(errorType) is { } kind)
        {
            _timeouts.Add(1, Tags.Provider(provider), new KeyValuePair<string, object?>("sluice.timeout.kind", kind));
        }

        if (errorType == "upstream_truncated")
        {
            _truncations.Add(1, Tags.Provider(provider));
        }
    }

    /// <summary>An upstream chunk was not JSON.</summary>
    /// <param name="provider">The provider's name in the configuration.</param>
    public void MalformedChunk(string provider) => _malformed.Add(1, Tags.Provider(provider));

    /// <summary>A retry was left out, since there had been too many.</summary>
    public void RetryRefused() => _refusedRetries.Add(1);

    /// <summary>A second target is asked beside a slow first one.</summary>
    /// <param name="model">The model, as the configuration names it.</param>
    public void HedgeStarted(string model) => _hedges.Add(1, Tags.Model(model));

    /// <summary>The second target was the first to answer.</summary>
    /// <param name="model">The model, as the configuration names it.</param>
    public void HedgeWon(string model) => _wonHedges.Add(1, Tags.Model(model));

    /// <summary>No second target was asked, since there had been too many.</summary>
    /// <param name="model">The model, as the configuration names it.</param>
    public void HedgeRefused(string model) => _refusedHedges.Add(1, Tags.Model(model));

    /// <summary>An answer that had broken off goes on.</summary>
    /// <param name="way">How, in a word.</param>
    public void Rescued(string way) => _rescues.Add(1, new KeyValuePair<string, object?>("sluice.rescue.way", way));

    /// <summary>Nobody could go on with an answer that had broken off.</summary>
    public void NotRescued() => _lost.Add(1);

    /// <summary>A reason in a word.</summary>
    public static string Word(AttemptReason reason) => reason switch
    {
        AttemptReason.First => "first",
        AttemptReason.Retry => "retry",
        AttemptReason.Failover => "failover",
        AttemptReason.Hedge => "hedge",
        _ => "rescue",
    };

    private static string? Timeout(string? errorType) => errorType switch
    {
        "upstream_connect_timeout" => "connect",
        "upstream_headers_timeout" => "headers",
        "upstream_first_token_timeout" => "first_token",
        "upstream_idle_timeout" => "idle",
        "upstream_timeout" => "whole",
        _ => null,
    };
}
