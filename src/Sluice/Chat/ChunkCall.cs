using System.Diagnostics.CodeAnalysis;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace Sluice.Chat;

/// <summary>One call's chunks, waited for without a state machine: what stands in every token's way is one of these.</summary>
/// <remarks>
/// <code>
/// reader =MoveNextAsync=> call =TryMove=> call =TryMove=> call =TryNext=> what it reads
///    ^                                                                       |
///    +==task== Complete &lt;=OnNext== Complete &lt;=OnNext== Complete &lt;==OnNext==+     once it had to be waited for
/// </code>
/// A call that reads another one does so without a task between the two (<see cref="Inner"/>): tokens come at a pace at which nothing is in the processor's caches any more, so
/// what each costs is how many objects it touches. An async iterator would touch a state machine's box, a delegate and an execution context more in each step.
/// One reader at a time, like any enumerator.
/// </remarks>
internal abstract class ChunkCall : IAsyncEnumerator<ChatChunk>, IValueTaskSource<bool>
{
    private ChunkCall? _reader;
    private ChunkCall? _waitsFor;
    private Action? _onNext;
    private ValueTask<bool> _next;
    private bool _any;
    private Exception? _error;
    private ManualResetValueTaskSourceCore<bool> _result;

    /// <inheritdoc/>
    public abstract ChatChunk Current { get; }

    /// <summary>The call that this one reads, where it is such a one; null where <see cref="NextAsync"/> is asked instead.</summary>
    protected ChunkCall? Inner { get; set; }

    /// <summary>Whether a call that reads this one may do so without a task. Where not, it calls <see cref="MoveNextAsync"/>.</summary>
    protected bool IsDirect { get; set; }

    /// <inheritdoc/>
    public virtual ValueTask<bool> MoveNextAsync()
    {
        _reader = null;
        _result.Reset();
        try
        {
            if (TryMove(out var any))
            {
                return new ValueTask<bool>(any);
            }

            Wait();
            return new ValueTask<bool>(this, _result.Version);
        }
        catch (Exception e)
        {
            return Recovers(ref e) ? new ValueTask<bool>(true) : ValueTask.FromException<bool>(e);
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Asks for what comes next, where there is no <see cref="Inner"/> and <see cref="TryNext"/> is not a better one. Consumed once.</summary>
    protected virtual ValueTask<bool> NextAsync() => default;

    /// <summary>Takes what comes next, if it is there. Where not, <see cref="WaitNext"/> is called.</summary>
    /// <param name="any">Whether there is anything; false at the end.</param>
    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once: here, or in TakeNext.")]
    protected virtual bool TryNext(out bool any)
    {
        // Looked at once: from one look to the next it may complete on another thread.
        _next = NextAsync();
        any = false;
        if (!_next.IsCompleted)
        {
            return false;
        }

        any = TakeNext();
        return true;
    }

    /// <summary>Waits for what comes next.</summary>
    /// <param name="onNext">To be called once it is there; then <see cref="TakeNext"/> is.</param>
    protected virtual void WaitNext(Action onNext) => _next.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(onNext);

    /// <summary>Takes what was waited for.</summary>
    /// <returns>Whether there is anything; false at the end.</returns>
    protected virtual bool TakeNext()
    {
        // Not held on to: the next wait may be a long one, or of another kind.
        var next = _next;
        _next = default;
        return next.GetAwaiter().GetResult();
    }

    /// <summary>It is not there yet. Called before the wait begins.</summary>
    protected virtual void Waiting()
    {
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="any">Whether anything has; false at the end. What the reader is told in its place.</param>
    /// <returns>False where the reader is told nothing: the next is asked for.</returns>
    protected abstract bool TryTake(ref bool any);

    /// <summary>What comes next could not be had, or not be taken.</summary>
    /// <param name="error">How. What the reader is told in its place.</param>
    /// <returns>True where it is told of a chunk instead.</returns>
    protected abstract bool Recovers(ref Exception error);

    bool IValueTaskSource<bool>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    // Goes on until there is something to say; false where that takes a wait.
    private bool TryMove(out bool any)
    {
        do
        {
            _waitsFor = Inner is { IsDirect: true } inner ? inner : null;
            if (_waitsFor is null ? !TryNext(out any) : !_waitsFor.TryMoveForReader(out any))
            {
                return false;
            }
        }
        while (!TryTake(ref any));
        return true;
    }

    private bool TryMoveForReader(out bool any)
    {
        try
        {
            return TryMove(out any);
        }
        catch (Exception e)
        {
            if (!Recovers(ref e))
            {
                ExceptionDispatchInfo.Throw(e);
            }

            any = true;
            return true;
        }
    }

    private void Wait()
    {
        Waiting();
        if (_waitsFor is { } inner)
        {
            inner._reader = this;
            inner.Wait();
        }
        else
        {
            WaitNext(_onNext ??= OnNext);
        }
    }

    private void OnNext()
    {
        bool any;
        try
        {
            any = _waitsFor is null ? TakeNext() : _waitsFor.TakeOutcome();
            if (!TryTake(ref any) && !TryMove(out any))
            {
                Wait();
                return;
            }
        }
        catch (Exception e)
        {
            if (!Recovers(ref e))
            {
                Complete(any: false, e);
                return;
            }

            any = true;
        }

        Complete(any, error: null);
    }

    private void Complete(bool any, Exception? error)
    {
        if (_reader is { } reader)
        {
            (_any, _error) = (any, error);
            reader.OnNext();
        }
        else if (error is null)
        {
            _result.SetResult(any);
        }
        else
        {
            _result.SetException(error);
        }
    }

    private bool TakeOutcome()
    {
        if (_error is { } error)
        {
            _error = null;
            ExceptionDispatchInfo.Throw(error);
        }

        return _any;
    }
}
