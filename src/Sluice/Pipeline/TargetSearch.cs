using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>Who is asked for one question, in which order, how often and for how long. One question's; not safe for many threads.</summary>
/// <param name="services">What calls need.</param>
/// <param name="request">The question.</param>
/// <param name="cancellationToken">Ends waits.</param>
internal sealed class TargetSearch(FailoverServices services, ChatRequest request, CancellationToken cancellationToken)
{
    private readonly RoutingTable _table = services.Router.Table;
    private readonly long _started = services.Time.GetTimestamp();
    private ChatRoute? _route;
    private ulong _asked;
    private int _here;
    private int _again = -1;
    private TimeSpan _pause;
    private int _calls;
    private int _callsHere;
    private Tries? _tries;
    private bool _hasHedged;

    /// <summary>Whether the client has left.</summary>
    public bool IsCancelled => cancellationToken.IsCancellationRequested;

    /// <summary>The model, as the configuration names it.</summary>
    public string Model => _route!.Model;

    /// <summary>The configuration in force when the question came.</summary>
    public RoutingTable Table => _table;

    /// <summary>Who could be asked; nobody before the first has been.</summary>
    public IReadOnlyList<ChatTarget> Targets => _route?.Targets ?? [];

    /// <summary>Who has been asked: one bit each.</summary>
    public ulong Asked => _asked;

    /// <summary>Who was asked last.</summary>
    public int Here => _here;

    /// <summary>How many calls the question has cost.</summary>
    public int Calls => _calls;

    /// <summary>The question has come.</summary>
    public void Begin() => services.Budget.Asked(_table.Retry.BudgetPercent);

    /// <summary>Gets leave to call the next target: the one that was to be asked again, else another.</summary>
    /// <returns>The call, not opened, and what is new about it: nothing, where it is the first and all is well.</returns>
    /// <exception cref="ChatProviderException">There is nobody left to ask, or nobody serves the model.</exception>
    public async ValueTask<(Attempt Attempt, ChatChunkKind News)> NextAsync()
    {
        cancellationToken.ThrowIfCancellationRequested();
        _route ??= _table.Find(request.Model) ?? await services.Router.ResolveAsync(request.Model, cancellationToken);
        if (_again >= 0)
        {
            var again = _again;
            _again = -1;
            await Task.Delay(_pause, services.Time, cancellationToken);
            if (TryEnter(again, AttemptReason.Retry) is { } attempt)
            {
                return (attempt, ChatChunkKind.Attempt);
            }
        }

        while (IsAllowed() && TargetChoice.Next(_route.Targets, _asked, services.Random) is var next and >= 0)
        {
            _callsHere = 0;
            _asked |= 1UL << next;
            var isAnother = _calls > 0;
            if (TryEnter(next, isAnother ? AttemptReason.Failover : AttemptReason.First) is { } attempt)
            {
                return (attempt, (isAnother ? ChatChunkKind.Attempt | ChatChunkKind.FailingOver : ChatChunkKind.Preamble)
                    | (attempt.Target.IsLastResort ? ChatChunkKind.Degraded : ChatChunkKind.Preamble));
            }
        }

        throw _tries!.Sum();
    }

    /// <summary>Decides what becomes of the question, now that a call has failed before its answer was under way.</summary>
    /// <param name="target">Who failed.</param>
    /// <param name="failure">How.</param>
    /// <returns>Whether the same target is asked again.</returns>
    /// <exception cref="ChatProviderException">Nobody else is asked: the failure itself.</exception>
    public bool IsAskedAgain(ChatTarget target, ChatProviderException failure)
    {
        (_tries ??= new Tries()).Add(target, failure, _callsHere);
        if (!RetryPolicy.IsWorthFailingOver(failure))
        {
            throw failure;
        }

        if (!IsAllowed() || _callsHere > _table.Retry.Retries || target.Health.Breaker is { IsClosed: false } || !RetryPolicy.IsWorthRetrying(failure)
            || RetryPolicy.Pause(_table.Retry, failure, _callsHere, services.Random()) is not { } pause || pause >= Left())
        {
            return false;
        }

        if (!services.Budget.TryTake())
        {
            services.Metrics.Attempts.RetryRefused();
            return false;
        }

        _again = _here;
        _pause = pause;
        return true;
    }

    /// <summary>How long a call may say nothing until a second target is asked beside it; null for ever. Never beside a probe: to end that would count as its failure.</summary>
    /// <param name="target">Who is called.</param>
    public TimeSpan? HedgeDelay(ChatTarget target) =>
        _route!.Hedging is { } hedging && request.Stream && !_hasHedged && !target.IsLastResort && target.Health.Breaker is not { IsClosed: false } ? hedging.DelayFor(target) : null;

    /// <summary>Gets leave to call one more target beside the one that is slow.</summary>
    /// <returns>The call, not opened; null where nobody else is well and has room, or there have been too many of these.</returns>
    public Attempt? EnterBeside()
    {
        var (targets, budget) = (_route!.Targets, _route.Hedging!.Budget);
        var passed = _asked;
        while (IsAllowed() && TargetChoice.Next(targets, passed, services.Random) is var next and >= 0)
        {
            passed |= 1UL << next;
            var target = targets[next];
            if (target.IsLastResort || target.Health.Breaker is { IsClosed: false })
            {
                continue;
            }

            if (!budget.TryTake())
            {
                services.Metrics.Attempts.HedgeRefused(Model);
                return null;
            }

            if (target.Health.TryEnter(out var permit, out _))
            {
                _asked |= 1UL << next;
                _calls++;
                _hasHedged = true;
                return new Attempt(target, AttemptReason.Hedge, permit, Left(), services, cancellationToken, mayBeCalledOff: true);
            }

            budget.GiveBack();
        }

        return null;
    }

    /// <summary>One of two calls has failed while the other goes on.</summary>
    /// <param name="target">Who failed.</param>
    /// <param name="failure">How.</param>
    public void Failed(ChatTarget target, ChatProviderException failure) =>
        (_tries ??= new Tries()).Add(target, failure, ReferenceEquals(target, _route!.Targets[_here]) ? _callsHere : 1);

    /// <summary>Of two calls it is the second that goes on, or was the last to fail.</summary>
    /// <param name="target">Its target.</param>
    public void GoOnWith(ChatTarget target)
    {
        _here = IndexOf(target);
        _callsHere = 1;
    }

    /// <summary>Of two calls this one was ended before it had said anything: it may be asked once more.</summary>
    /// <param name="target">Its target.</param>
    public void Spare(ChatTarget target) => _asked &= ~(1UL << IndexOf(target));

    /// <summary>A target's own name for the model.</summary>
    public async ValueTask<string> ModelAsync(ChatTarget target) => target.Model ?? await services.Router.ModelAtAsync(target, cancellationToken);

    /// <summary>Whatever a call has thrown, as the one error that everything speaks.</summary>
    /// <param name="attempt">The call.</param>
    /// <param name="error">What.</param>
    public ChatProviderException Known(Attempt attempt, Exception error) => error switch
    {
        ChatProviderException known => known,
        OperationCanceledException when attempt.IsOutOfTime => OutOfTime(error),
        _ => ChatProviderException.Defect(error),
    };

    // All tries together took too long.
    private ChatProviderException OutOfTime(Exception cause) => new(
        request.Stream ? ChatErrorKind.FirstTokenTimeout : ChatErrorKind.CompletionTimeout,
        FormattableString.Invariant($"No answer was under way within {_table.Retry.Within.TotalSeconds:0.###} s, all tries together (Retry:Within)."), cause);

    private Attempt? TryEnter(int index, AttemptReason reason)
    {
        var target = _route!.Targets[index];
        if (!target.Health.TryEnter(out var permit, out var refusal))
        {
            (_tries ??= new Tries()).Add(target, refusal, _callsHere);
            return null;
        }

        // The first call has only its own limits; what comes behind it has to fit into the time of the whole.
        var within = _calls == 0 ? (TimeSpan?)null : Left();
        if (_calls == 0 && request.Stream)
        {
            _route.Hedging?.Budget.Asked();
        }

        _here = index;
        _calls++;
        _callsHere++;
        return new Attempt(target, reason, permit, within, services, cancellationToken, mayBeCalledOff: _route.Hedging is not null && request.Stream);
    }

    private int IndexOf(ChatTarget target)
    {
        var index = 0;
        while (!ReferenceEquals(_route!.Targets[index], target))
        {
            index++;
        }

        return index;
    }

    private bool IsAllowed() => _calls == 0 || (_calls < _table.Retry.MaxAttempts && Left() > TimeSpan.Zero);

    private TimeSpan Left() => _table.Retry.Within - services.Time.GetElapsedTime(_started);
}
