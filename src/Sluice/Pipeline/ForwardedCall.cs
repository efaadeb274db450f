using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>A call that a step hands through, looking at each chunk on its way.</summary>
internal abstract class ForwardedCall : ChunkCall
{
    private readonly IAsyncEnumerator<ChatChunk> _inner;

    /// <param name="inner">What is handed through. The call's own from now on.</param>
    protected ForwardedCall(IAsyncEnumerator<ChatChunk> inner)
    {
        _inner = inner;
        Inner = inner as ChunkCall;
        IsDirect = true;
    }

    /// <inheritdoc/>
    public sealed override ChatChunk Current => _inner.Current;

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => _inner.DisposeAsync();

    /// <summary>A chunk has come.</summary>
    /// <returns>False where it goes no further.</returns>
    protected abstract bool Accept(ChatChunk chunk);

    /// <summary>Nothing more comes.</summary>
    protected abstract void Ended();

    /// <summary>The call failed.</summary>
    /// <returns>What whoever waits for it is told.</returns>
    protected abstract Exception Failed(Exception e);

    /// <inheritdoc/>
    protected sealed override ValueTask<bool> NextAsync() => _inner.MoveNextAsync();

    /// <inheritdoc/>
    protected sealed override bool TryTake(ref bool any)
    {
        if (any)
        {
            return Accept(_inner.Current);
        }

        Ended();
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool Recovers(ref Exception error)
    {
        error = Failed(error);
        return false;
    }
}
