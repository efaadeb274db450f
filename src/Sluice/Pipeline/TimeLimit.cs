namespace Sluice.Pipeline;

/// <summary>Limits how long one wait may last, over and over, with a single timer.</summary>
/// <remarks>Starting and stopping it writes a number each; the timer looks at them when it rings, and sleeps on for what is left. So a
/// stream of a thousand tokens a second costs no more timers than an idle one.</remarks>
internal sealed class TimeLimit : IDisposable
{
    private const long Never = long.MaxValue;

    private readonly TimeProvider _time;

    // Nobody else gets to see it, so it serves as the lock, too: one of its own would be another object for every stream.
    private readonly CancellationTokenSource _cancel;
    private readonly ITimer _timer;
    private long _deadline = Never;
    private long _ringsAt = Never;

    public TimeLimit(TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _timer = time.CreateTimer(static limit => ((TimeLimit)limit!).OnRing(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Cancelled when a wait lasted too long, or when the caller's own token was.</summary>
    public CancellationToken Token => _cancel.Token;

    /// <summary>Whether a wait lasted too long.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Allows the wait that begins now to last until <paramref name="deadline"/>.</summary>
    /// <param name="deadline">In the time provider's timestamps.</param>
    public void Start(long deadline)
    {
        // A full fence, here and in OnRing: either this sees that the timer has rung, or the timer sees the new deadline.
        Interlocked.Exchange(ref _deadline, deadline);
        if (deadline < Volatile.Read(ref _ringsAt))
        {
            Arm(deadline);
        }
    }

    /// <summary>The wait is over.</summary>
    public void Stop() => Volatile.Write(ref _deadline, Never);

    /// <summary>The timestamp that is <paramref name="span"/> from now.</summary>
    public long In(TimeSpan span) => _time.GetTimestamp() + (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <inheritdoc/>
    public void Dispose()
    {
        _timer.Dispose();
        _cancel.Dispose();
    }

    private void Arm(long at)
    {
        lock (_cancel)
        {
            // A later deadline must not overwrite an earlier one that another thread has armed in between.
            if (at >= _ringsAt)
            {
                return;
            }

            _ringsAt = at;
            var left = Math.Max(0, at - _time.GetTimestamp());
            _timer.Change(TimeSpan.FromSeconds((double)left / _time.TimestampFrequency) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        }
    }

    private void OnRing()
    {
        Interlocked.Exchange(ref _ringsAt, Never);
        var deadline = Volatile.Read(ref _deadline);
        if (deadline == Never)
        {
            return;
        }

        if (_time.GetTimestamp() < deadline)
        {
            Arm(deadline);
            return;
        }

        IsOver = true;
        try
        {
            _cancel.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended while the timer was already ringing: there is nothing left to cancel.
        }
        catch (AggregateException)
        {
            // A callback that a provider had registered failed. The call is told that it is out of time all the same; thrown on from here, on a
            // timer's thread, the failure would end the process.
        }
    }
}
