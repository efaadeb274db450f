namespace Sluice.Pipeline;

/// <summary>The token of a call: cancelled with its question's, but a moment later where the model has finished and only has to say what that has cost.</summary>
/// <remarks>The producer says what is outstanding; cancelling may happen on any thread, at any time.</remarks>
internal sealed class UsageWait : IDisposable
{
    /// <summary>How long that moment is. The counts usually stand in the same packet; an upstream call ends within a second of its cancellation in any case.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;

    // Nobody else gets to see it, so it serves as the lock, too: one of its own would be another object for every stream.
    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenRegistration _asked;
    private ITimer? _timer;
    private bool _isOutstanding;
    private bool _isDisposed;

    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The question's.</param>
    public UsageWait(TimeProvider time, CancellationToken cancellationToken)
    {
        _time = time;
        Token = _cancel.Token;
        _asked = cancellationToken.UnsafeRegister(static wait => ((UsageWait)wait!).OnCancelled(), this);
    }

    /// <summary>What the call runs under.</summary>
    public CancellationToken Token { get; }

    /// <summary>Whether the answer is complete but for its token counts, so that it is cheap to wait for them.</summary>
    public bool IsOutstanding
    {
        get => Volatile.Read(ref _isOutstanding);
        set => Volatile.Write(ref _isOutstanding, value);
    }

    /// <summary>Whoever wanted the answer has left: from now on the wait is limited.</summary>
    public void Limit()
    {
        lock (_cancel)
        {
            if (!_isDisposed)
            {
                _timer ??= _time.CreateTimer(static wait => ((UsageWait)wait!).OnTimer(), this, MaxWait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Unregister, unlike Dispose, never waits for a callback that is running; that one finds the source as it was.
        var isUnused = _asked.Unregister();
        lock (_cancel)
        {
            _isDisposed = true;
            _timer?.Dispose();
        }

        if (isUnused)
        {
            _cancel.Dispose();
        }
    }

    private void OnCancelled()
    {
        if (IsOutstanding)
        {
            Limit();
        }
        else
        {
            _cancel.Cancel();
        }
    }

    private void OnTimer()
    {
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
            // A callback that a provider had registered failed. The call is cancelled all the same; thrown on from here, on a timer's thread, the failure
            // would end the process.
        }
    }
}
