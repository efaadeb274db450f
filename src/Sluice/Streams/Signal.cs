using System.Threading.Tasks.Sources;

namespace Sluice.Streams;

/// <summary>A bell that one waiter sleeps on and anyone rings. A ring that nobody waits for is kept, many count as one.</summary>
/// <remarks>Waiting allocates nothing, starts no timer and takes no lock. The waiter goes on inside <see cref="Set"/>, on the caller's
/// thread: that is what spares the hop through the thread pool, and why nothing behind it may block.</remarks>
internal sealed class Signal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Rung = 2;
    private const int Held = 3;

    private ManualResetValueTaskSourceCore<bool> _core;
    private int _state;

    /// <summary>Completes at the next ring. One waiter at a time.</summary>
    public ValueTask WaitAsync()
    {
        _core.Reset();
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle)
        {
            return new ValueTask(this, _core.Version);
        }

        // It has rung since the last wait. A full fence, as in Set: whoever still saw the old ring has written before, what the waiter reads after this.
        Interlocked.Exchange(ref _state, Idle);
        return ValueTask.CompletedTask;
    }

    /// <summary>Rings.</summary>
    public void Set()
    {
        while (true)
        {
            // A ring that is still there is rung again, which writes nothing new but is a fence: without it this could see a ring that the
            // waiter is just taking back, while the waiter does not yet see what the ring was for. Then nobody would wake it.
            var state = Volatile.Read(ref _state);
            var next = state == Waiting ? Idle : Rung;
            if (Interlocked.CompareExchange(ref _state, next, state) == state)
            {
                if (state == Waiting)
                {
                    _core.SetResult(true);
                }

                return;
            }
        }
    }

    /// <summary>Keeps a waiter asleep for a moment, in which the caller may do its work for it: nobody else gets hold, and a ring is kept.</summary>
    /// <returns>Whether it slept; then <see cref="LetGo"/> must follow.</returns>
    public bool TryHold() => Interlocked.CompareExchange(ref _state, Held, Waiting) == Waiting;

    /// <summary>Ends the hold.</summary>
    /// <param name="isDone">Whether nothing is left to do for the waiter. Where it has rung meanwhile, the waiter wakes all the same.</param>
    public void LetGo(bool isDone)
    {
        if (!isDone || Interlocked.CompareExchange(ref _state, Waiting, Held) != Held)
        {
            Interlocked.Exchange(ref _state, Idle);
            _core.SetResult(true);
        }
    }

    void IValueTaskSource.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
