using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>One of two calls that are under way for the same question: it runs until its answer begins, or it fails.</summary>
internal sealed class HedgeContender
{
    private readonly TargetSearch _search;
    private readonly ChatRequest _request;
    private HeldBack _held;

    /// <param name="attempt">The call, not opened. The contender's from here on, until it is taken over.</param>
    /// <param name="search">Knows the target's name for the model.</param>
    /// <param name="request">What to ask.</param>
    public HedgeContender(Attempt attempt, TargetSearch search, ChatRequest request)
    {
        Attempt = attempt;
        _search = search;
        _request = request;
        Outcome = RunAsync();
    }

    /// <summary>The call.</summary>
    public Attempt Attempt { get; }

    /// <summary>How it has failed; null where its answer is under way, and its current chunk is the first that counts. Cancelled where it was called off, or the client has left.</summary>
    public Task<ChatProviderException?> Outcome { get; }

    /// <summary>Whether it has failed by itself.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Hands over what was held back. Only once <see cref="Outcome"/> is there.</summary>
    public HeldBack TakeHeld()
    {
        var held = _held;
        _held = default;
        return held;
    }

    /// <summary>The call has failed, and another one may still answer. Never throws.</summary>
    /// <param name="failure">How.</param>
    public ValueTask FailedAsync(ChatProviderException failure)
    {
        Attempt.Failed(failure);
        _held.Clear();
        return Attempt.LetGoAsync();
    }

    /// <summary>Ends the call, in whatever state it is. What it had failed with before counts; that it is ended says nothing about its target. Never throws.</summary>
    public async Task CallOffAsync()
    {
        if (!Outcome.IsCompleted)
        {
            Attempt.CallOff();
        }
        else if (Outcome.IsCompletedSuccessfully && await Outcome is { } failure)
        {
            Attempt.Failed(failure);
        }

        // It holds its buffers until it has seen that it is called off.
        await ((Task)Outcome).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _held.Clear();
        await Attempt.LetGoAsync();
    }

    private async Task<ChatProviderException?> RunAsync()
    {
        try
        {
            var chunks = Attempt.Open(_request.For(await _search.ModelAsync(Attempt.Target)));
            while (await chunks.MoveNextAsync())
            {
                if (!_held.Keeps(chunks.Current))
                {
                    return null;
                }
            }

            return Failure(ChatProviderException.Truncated());
        }
        catch (Exception e) when (e is not OperationCanceledException || !(Attempt.IsCalledOff || _search.IsCancelled))
        {
            return Failure(_search.Known(Attempt, e));
        }
    }

    private ChatProviderException Failure(ChatProviderException failure)
    {
        HasFailed = true;
        return failure;
    }
}
