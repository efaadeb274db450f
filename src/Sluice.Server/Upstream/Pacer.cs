using System.Threading.Tasks.Sources;

namespace Sluice.Server.Upstream;

/// <summary>Waits for moments of one absolute schedule, so that lateness never adds up; one timer per answer, nothing allocated per wait.</summary>
/// <remarks>
/// A timer ticks in whole milliseconds: a wait ends up to 1 ms late, never early, and tokens that are due within the same
/// millisecond leave one right after the other. One waiter at a time.
/// </remarks>
internal sealed class Pacer : IValueTaskSource, IDisposable
{
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly CancellationTokenRegistration _cancellation;
    private readonly CancellationToken _cancelled;
    private ManualResetValueTaskSourceCore<bool> _source;
    private int _waiting;

    public Pacer(TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _cancelled = cancellationToken;
        Start = time.GetTimestamp();
        _timer = time.CreateTimer(static state => ((Pacer)state!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _cancellation = cancellationToken.UnsafeRegister(static state => ((Pacer)state!).Wake(), this);
    }

    /// <summary>When the schedule began, as a timestamp of the clock.</summary>
    public long Start { get; }

    /// <summary>Waits until <paramref name="offset"/> after <see cref="Start"/>; returns at once if that has passed.</summary>
    /// <exception cref="OperationCanceledException">The client left.</exception>
    public async ValueTask UntilAsync(TimeSpan offset)
    {
        while (true)
        {
            _cancelled.ThrowIfCancellationRequested();
            var left = offset - _time.GetElapsedTime(Start);
            if (left <= TimeSpan.Zero) return;
            await WaitAsync(left);
        }
    }

    /// <summary>Waits until the client leaves.</summary>
    /// <exception cref="OperationCanceledException">Always: the client left.</exception>
    public async ValueTask ForeverAsync()
    {
        while (true)
        {
            _cancelled.ThrowIfCancellationRequested();
            await WaitAsync(Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        _cancellation.Dispose();
        _timer.Dispose();
    }

    void IValueTaskSource.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    private ValueTask WaitAsync(TimeSpan left)
    {
        _source.Reset();
        var task = new ValueTask(this, _source.Version);
        Volatile.Write(ref _waiting, 1);
        if (left > TimeSpan.Zero) _timer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        // A cancellation before the line above found nobody waiting.
        if (_cancelled.IsCancellationRequested) Wake();
        return task;
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _waiting, 0) == 1) _source.SetResult(true);
    }
}
