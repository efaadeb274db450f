using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>How a target does: whether it may be called, how many calls run, how fast it answers. Outlives configurations that do not change it.</summary>
/// <remarks>Asked before a call and told after it; it is in no token's way. Safe for many threads.</remarks>
internal sealed class TargetHealth
{
    // A target that fails fast must not look fast.
    private static readonly TimeSpan FailureCountsAs = TimeSpan.FromSeconds(10);

    private readonly ConcurrencyLimit _own;
    private readonly ConcurrencyLimit? _shared;
    private readonly DecayingAverage _timeToFirstToken;
    private readonly RecentTimes _recent = new();
    private long _succeeded;
    private long _failed;

    /// <param name="time">The clock.</param>
    /// <param name="breaker">When to leave the target alone; null for never.</param>
    /// <param name="maxConcurrency">How many calls may run at once.</param>
    /// <param name="shared">A limit that other targets share; null for none.</param>
    public TargetHealth(TimeProvider time, BreakerOptions? breaker = null, int maxConcurrency = int.MaxValue, ConcurrencyLimit? shared = null)
    {
        Breaker = breaker is { Enabled: true } ? new CircuitBreaker(breaker, time) : null;
        _own = new ConcurrencyLimit(maxConcurrency);
        _shared = shared;
        _timeToFirstToken = new DecayingAverage(time);
    }

    /// <summary>What leaves the target alone; null where nothing does.</summary>
    public CircuitBreaker? Breaker { get; }

    /// <summary>How long a question has to wait here, roughly: what the choice among equals goes by.</summary>
    public double Load => (Breaker is { IsClosed: false } ? double.MaxValue : Math.Max(_timeToFirstToken.Value.TotalMilliseconds, 1)) * (_own.Active + 1);

    /// <summary>What 95 of its last hundred answers took at most to begin; null while there are too few.</summary>
    public TimeSpan? SlowFirstToken => _recent.P95;

    /// <summary>Asks for leave to call the target.</summary>
    /// <param name="permit">To be disposed by the caller when the call has ended, however it did.</param>
    /// <param name="refusal">Why not.</param>
    public bool TryEnter(out TargetPermit permit, out ChatProviderException refusal)
    {
        (permit, refusal) = (null!, null!);

        // Places first: a probe that was let through has to take place.
        if (!_own.TryTake())
        {
            refusal = Full();
            return false;
        }

        if (_shared?.TryTake() == false)
        {
            _own.Release();
            refusal = Full();
            return false;
        }

        CircuitProbe? probe = null;
        TimeSpan? retryAfter = null;
        if (Breaker?.TryEnter(out probe, out retryAfter) == false)
        {
            Release();
            refusal = new ChatProviderException(ChatErrorKind.Unavailable, "It has failed too often lately and is left alone for a while.")
            {
                RetryAfter = retryAfter ?? TimeSpan.FromSeconds(1),
            };
            return false;
        }

        permit = new TargetPermit(this, probe);
        return true;
    }

    /// <summary>What the target is told to be, for people to look at.</summary>
    public TargetStatus Describe(string model, string provider, string? targetModel) => new(
        model, provider, targetModel, Breaker?.State ?? "off", _own.Active, _own.Max, _timeToFirstToken.Last?.TotalMilliseconds, Interlocked.Read(ref _succeeded), Interlocked.Read(ref _failed));

    /// <summary>The first token of an answer has come.</summary>
    internal void FirstToken(TimeSpan after)
    {
        _timeToFirstToken.Add(after);
        _recent.Add(after);
    }

    /// <summary>An answer was not waited for any longer. It would have taken longer still: left out, it would make the target look faster the oftener it is too slow.</summary>
    internal void NoFirstToken(TimeSpan within) => _recent.Add(within);

    /// <summary>A call has ended in a way that says something about the target.</summary>
    internal void Count(bool isSuccess)
    {
        Interlocked.Increment(ref isSuccess ? ref _succeeded : ref _failed);
        if (!isSuccess)
        {
            _timeToFirstToken.Add(FailureCountsAs);
        }
    }

    internal void Release()
    {
        _shared?.Release();
        _own.Release();
    }

    private static ChatProviderException Full() => new(ChatErrorKind.Overloaded, "It carries as many answers as MaxConcurrency allows.") { RetryAfter = TimeSpan.FromSeconds(1) };
}
