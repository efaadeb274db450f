using System.Diagnostics.CodeAnalysis;
using System.Threading.Tasks.Sources;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>A call that a step hands through, looking at each chunk on its way.</summary>
/// <remarks>Stands in every token's way, so it is written by hand: a chunk that is there already costs two calls, one that has to be waited for a
/// continuation more. An async iterator would do the same with a state machine's box, its casts and an execution context in each step.</remarks>
internal abstract class ForwardedCall : IAsyncEnumerator<ChatChunk>, IValueTaskSource<bool>
{
    private readonly IAsyncEnumerator<ChatChunk> _inner;
    private readonly Action _onNext;
    private ValueTask<bool> _next;
    private ManualResetValueTaskSourceCore<bool> _result;

    /// <param name="inner">What is handed through. The call's own from now on.</param>
    protected ForwardedCall(IAsyncEnumerator<ChatChunk> inner)
    {
        _inner = inner;
        _onNext = OnNext;
    }

    /// <inheritdoc/>
    public ChatChunk Current => _inner.Current;

    /// <inheritdoc/>
    public ValueTask<bool> MoveNextAsync()
    {
        _result.Reset();
        try
        {
            return TryMove(out var any) ? new ValueTask<bool>(any) : new ValueTask<bool>(this, _result.Version);
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(Failed(e));
        }
    }

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => _inner.DisposeAsync();

    /// <summary>The next chunk is not there yet.</summary>
    protected virtual void Waiting()
    {
    }

    /// <summary>A chunk has come.</summary>
    /// <returns>False where it goes no further.</returns>
    protected abstract bool Accept(ChatChunk chunk);

    /// <summary>Nothing more comes.</summary>
    protected abstract void Ended();

    /// <summary>The call failed.</summary>
    /// <returns>What whoever waits for it is told.</returns>
    protected abstract Exception Failed(Exception e);

    bool IValueTaskSource<bool>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);

    // Goes on until there is something to say; false where that takes a wait.
    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once: in TryTake.")]
    private bool TryMove(out bool any)
    {
        do
        {
            _next = _inner.MoveNextAsync();
            if (!_next.IsCompleted)
            {
                Waiting();
                _next.GetAwaiter().UnsafeOnCompleted(_onNext);
                any = false;
                return false;
            }
        }
        while (!TryTake(out any));
        return true;
    }

    private bool TryTake(out bool any)
    {
        any = _next.GetAwaiter().GetResult();
        if (any)
        {
            return Accept(_inner.Current);
        }

        Ended();
        return true;
    }

    private void OnNext()
    {
        bool any;
        try
        {
            if (!TryTake(out any) && !TryMove(out any))
            {
                return;
            }
        }
        catch (Exception e)
        {
            _result.SetException(Failed(e));
            return;
        }

        _result.SetResult(any);
    }
}
