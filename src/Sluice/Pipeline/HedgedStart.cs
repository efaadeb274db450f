using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The beginning of an answer for which a second target may be asked beside the first: whoever says something first gives the answer.</summary>
/// <remarks>
/// <code>
/// first   asked ............................ called off
///               |- delay -|
/// second                  asked ...... first token: the answer is its own
/// </code>
/// Over when one of them has begun to answer, or none is left. To the question it is one call: it can commit, or fail.
/// </remarks>
internal sealed class HedgedStart : IAsyncDisposable
{
    private readonly TargetSearch _search;
    private readonly FailoverServices _services;
    private readonly ChatRequest _request;
    private readonly TimeSpan _delay;
    private readonly CancellationToken _cancel;
    private readonly Attempt _attempt;

    private HedgeContender? _first;
    private HedgeContender? _second;
    private HedgeContender? _result;
    private bool _hasWaited;
    private Task _calledOff = Task.CompletedTask;

    /// <param name="attempt">The first call, not opened. Owned by this from here on, until it is the result.</param>
    /// <param name="delay">How long it may say nothing.</param>
    /// <param name="search">Knows who else can be asked.</param>
    /// <param name="services">What calls need.</param>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends both calls.</param>
    public HedgedStart(Attempt attempt, TimeSpan delay, TargetSearch search, FailoverServices services, ChatRequest request, CancellationToken cancellationToken)
    {
        _attempt = attempt;
        _delay = delay;
        _search = search;
        _services = services;
        _request = request;
        _cancel = cancellationToken;
    }

    /// <summary>Whether it is decided whose answer it is.</summary>
    public bool IsOver => _result is not null;

    /// <summary>How the last call has failed; null where an answer is under way.</summary>
    public ChatProviderException? Failure { get; private set; }

    /// <summary>Goes on until something is to be told.</summary>
    /// <returns>False where a second target has been asked; true where it is over.</returns>
    /// <exception cref="OperationCanceledException">The client has left.</exception>
    public async ValueTask<bool> NextAsync()
    {
        _first ??= new HedgeContender(_attempt, _search, _request);
        if (!_hasWaited)
        {
            _hasWaited = true;
            if (await IsSlowAsync(_first.Outcome) && _search.EnterBeside() is { } beside)
            {
                _services.Metrics.Attempts.HedgeStarted(_search.Model);
                _second = new HedgeContender(beside, _search, _request);
                return false;
            }
        }

        var (ahead, behind) = (_first, _second);
        if (behind is not null && await Task.WhenAny(ahead.Outcome, behind.Outcome) == behind.Outcome)
        {
            (ahead, behind) = (behind, ahead);
        }

        Failure = await ahead.Outcome;
        if (behind is not null && Failure is { } failure && RetryPolicy.IsWorthFailingOver(failure))
        {
            _search.Failed(ahead.Attempt.Target, failure);
            (_first, _second) = (ahead == _first ? null : _first, ahead == _second ? null : _second);

            // The other one's token does not wait until this one has let go.
            _calledOff = ahead.FailedAsync(failure).AsTask();
            (ahead, behind) = (behind, null);
            Failure = await ahead.Outcome;
        }

        Decide(ahead, behind);
        return true;
    }

    /// <summary>Hands over the call whose answer is under way, or that has failed last, and what it had said before.</summary>
    public (Attempt Attempt, HeldBack Held) Take() => (_result!.Attempt, _result.TakeHeld());

    /// <summary>Ends what is still under way, and waits until it has let go.</summary>
    public async ValueTask DisposeAsync()
    {
        await _calledOff;
        if (IsOver)
        {
            return;
        }

        // The client has left while nothing was decided.
        if (_first is null && _second is null)
        {
            await _attempt.DisposeAsync();
        }

        await Task.WhenAll(_first?.CallOffAsync() ?? Task.CompletedTask, _second?.CallOffAsync() ?? Task.CompletedTask);
    }

    private void Decide(HedgeContender winner, HedgeContender? loser)
    {
        _result = winner;
        if (winner.Attempt != _attempt)
        {
            _search.GoOnWith(winner.Attempt.Target);
            if (Failure is null)
            {
                _services.Metrics.Attempts.HedgeWon(_search.Model);
                loser?.Attempt.WasTooSlow();
            }
        }

        if (loser is not null)
        {
            // Ended at once; that it lets go is not waited for here: a token is there.
            if (!loser.HasFailed)
            {
                _search.Spare(loser.Attempt.Target);
            }

            _calledOff = loser.CallOffAsync();
        }
    }

    private async ValueTask<bool> IsSlowAsync(Task begun)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(_cancel);
        await Task.WhenAny(begun, Task.Delay(_delay, _services.Time, stop.Token));
        var isSlow = !begun.IsCompleted && !_cancel.IsCancellationRequested;
        End(stop);
        return isSlow;
    }

    // Here and now: a token that is there waits for no other thread.
    private static void End(CancellationTokenSource delay) => delay.Cancel();
}
