namespace Sluice.Server.FaultSuite;

/// <summary>A clock that runs several times as fast as another one: limits of ten seconds can be seen in one, with nothing else changed.</summary>
/// <param name="inner">The clock that it goes by.</param>
/// <param name="factor">How many of its seconds pass in one of the other's.</param>
internal sealed class FastClock(TimeProvider inner, int factor) : TimeProvider
{
    private readonly long _origin = inner.GetTimestamp();
    private readonly DateTimeOffset _began = inner.GetUtcNow();

    /// <summary>How many of its seconds pass in one of the other's.</summary>
    public int Factor => factor;

    /// <inheritdoc/>
    public override long TimestampFrequency => inner.TimestampFrequency;

    /// <inheritdoc/>
    public override long GetTimestamp() => _origin + ((inner.GetTimestamp() - _origin) * factor);

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _began + ((inner.GetUtcNow() - _began) * factor);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(inner.CreateTimer(callback, state, Slow(dueTime), Slow(period)), this);

    private TimeSpan Slow(TimeSpan time) => time <= TimeSpan.Zero ? time : time / factor;

    private sealed class FastTimer(ITimer timer, FastClock clock) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(clock.Slow(dueTime), clock.Slow(period));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
