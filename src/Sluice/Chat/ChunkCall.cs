using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;

namespace Sluice.Chat;

/// <summary>One call's chunks, waited for without a state machine: what stands in every token's way is one of these.</summary>
/// <remarks>A chunk that is there already costs two calls, one that has to be waited for a continuation more. An async iterator would do the same with a state
/// machine's box, its casts and an execution context in each step. One reader at a time, like any enumerator.</remarks>
internal abstract class ChunkCall : IAsyncEnumerator<ChatChunk>, IValueTaskSource<bool>
{
    private readonly Action _onNext;
    private ValueTask<bool> _next;
    private ManualResetValueTaskSourceCore<bool> _result;

    protected ChunkCall() => _onNext = OnNext;

    /// <inheritdoc/>
    public abstract ChatChunk Current { get; }

    /// <inheritdoc/>
    public virtual ValueTask<bool> MoveNextAsync()
    {
        _result.Reset();
        try
        {
            return TryMove(out var any) ? new ValueTask<bool>(any) : new ValueTask<bool>(this, _result.Version);
        }
        catch (Exception e)
        {
            return Recovers(ref e) ? new ValueTask<bool>(true) : ValueTask.FromException<bool>(e);
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Asks for what comes next. Consumed once.</summary>
    protected abstract ValueTask<bool> NextAsync();

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
    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once: in TryTakeNext.")]
    private bool TryMove(out bool any)
    {
        do
        {
            // Looked at once: from one look to the next it may complete on another thread.
            _next = NextAsync();
            if (!_next.IsCompleted)
            {
                Waiting();
                _next.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onNext);
                any = false;
                return false;
            }
        }
        while (!TryTakeNext(out any));
        return true;
    }

    private bool TryTakeNext(out bool any)
    {
        any = _next.GetAwaiter().GetResult();
        return TryTake(ref any);
    }

    private void OnNext()
    {
        bool any;
        try
        {
            if (!TryTakeNext(out any) && !TryMove(out any))
            {
                return;
            }
        }
        catch (Exception e)
        {
            if (!Recovers(ref e))
            {
                _result.SetException(e);
                return;
            }

            any = true;
        }

        _result.SetResult(any);
    }
}
