using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>A call that a step hands through, looking at each chunk on its way.</summary>
internal abstract class ForwardedCall : ChunkCall
{
    /// <param name="inner">What is handed through. The call's own from now on.</param>
    protected ForwardedCall(IAsyncEnumerator<ChatChunk> inner)
    {
        Inner = inner;
        IsDirect = true;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => Inner!.DisposeAsync();

    /// <summary>A chunk has come.</summary>
    /// <returns>False where it goes no further.</returns>
    protected abstract bool Accept(in ChatChunk chunk);

    /// <summary>Nothing more comes.</summary>
    protected abstract void Ended();

    /// <summary>The call failed.</summary>
    /// <returns>What whoever waits for it is told.</returns>
    protected abstract Exception Failed(Exception e);

    /// <inheritdoc/>
    protected sealed override bool TryTake(ref ChatChunk chunk, ref bool any)
    {
        if (any)
        {
            return Accept(chunk);
        }

        Ended();
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool Recovers(ref Exception error, ref ChatChunk chunk)
    {
        error = Failed(error);
        return false;
    }
}
