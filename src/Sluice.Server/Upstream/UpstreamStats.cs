namespace Sluice.Server.Upstream;

/// <summary>What the upstream has seen since it started. Safe for any thread.</summary>
internal sealed class UpstreamStats
{
    private long _requests;
    private long _completed;
    private long _aborted;
    private long _cut;
    private long _active;
    private long _tokens;
    private volatile LastRequest? _last;

    /// <value>Chat requests so far, the running ones included.</value>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>The most recent chat request, or null.</summary>
    public LastRequest? Last => _last;

    public void Started(LastRequest request)
    {
        Interlocked.Increment(ref _requests);
        Interlocked.Increment(ref _active);
        _last = request;
    }

    public void TokenSent() => Interlocked.Increment(ref _tokens);

    public void Ended(CallOutcome outcome)
    {
        ref var counter = ref _aborted;
        if (outcome == CallOutcome.Completed) counter = ref _completed;
        else if (outcome == CallOutcome.Cut) counter = ref _cut;
        Interlocked.Increment(ref counter);
        Interlocked.Decrement(ref _active);
    }

    public UpstreamStatsDocument Snapshot() => new(
        Requests,
        Volatile.Read(ref _completed),
        Volatile.Read(ref _aborted),
        Volatile.Read(ref _cut),
        Volatile.Read(ref _active),
        Volatile.Read(ref _tokens),
        _last);
}
