using Polly;
using Polly.CircuitBreaker;

namespace Sluice.Pipeline;

/// <summary>Leaves a target alone for a while when too many of its answers fail, then lets one question try it.</summary>
/// <remarks>
/// Polly's breaker is the state machine. It is made for calls that are over when they return; a generation is not, so it hears of each call's outcome
/// when the generation ends, as an execution that does nothing but return that outcome. Only the one call that tries a target again is an execution
/// that lasts: that is what keeps others away in the meantime.
/// Safe for many threads.
/// </remarks>
internal sealed class CircuitBreaker
{
    private readonly ResiliencePipeline<bool> _machine;
    private readonly CircuitBreakerStateProvider _state = new();

    /// <exception cref="System.ComponentModel.DataAnnotations.ValidationException">An option is out of its range.</exception>
    public CircuitBreaker(BreakerOptions options, TimeProvider time) =>
        _machine = new ResiliencePipelineBuilder<bool> { TimeProvider = time }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<bool>
            {
                FailureRatio = options.FailurePercent / 100.0,
                SamplingDuration = options.Window,
                MinimumThroughput = options.MinimumCalls,
                BreakDuration = options.Break,
                StateProvider = _state,
                ShouldHandle = static call => ValueTask.FromResult(!call.Outcome.Result),
            })
            .Build();

    /// <summary>Whether the target is left alone, or being tried again.</summary>
    public bool IsClosed => _state.CircuitState == CircuitState.Closed;

    /// <summary>The state in a word: closed, open, half_open.</summary>
    public string State => _state.CircuitState switch
    {
        CircuitState.Closed => "closed",
        CircuitState.HalfOpen => "half_open",
        _ => "open",
    };

    /// <summary>Asks whether the target may be called.</summary>
    /// <param name="probe">The call that tries the target again, to be completed by the caller in any case; null while the circuit is closed.</param>
    /// <param name="retryAfter">When to come back, where the target is left alone and it is known.</param>
    public bool TryEnter(out CircuitProbe? probe, out TimeSpan? retryAfter)
    {
        (probe, retryAfter) = (null, null);
        if (IsClosed)
        {
            return true;
        }

        probe = new CircuitProbe();
        probe.Execution = ExecuteAsync(static probe => probe.BeginAsync(), probe);
        if (probe.HasBegun)
        {
            return true;
        }

        // Turned away: then the execution was over before it could wait for anything.
        retryAfter = probe.Execution is { IsCompletedSuccessfully: true } over && over.GetAwaiter().GetResult().Exception is BrokenCircuitException { RetryAfter: { } after } ? after : null;
        probe = null;
        return false;
    }

    /// <summary>Tells the outcome of a call.</summary>
    /// <returns>Whether that has opened or closed the circuit.</returns>
    public bool Report(bool isSuccess)
    {
        var before = _state.CircuitState;

        // Completes at once: nothing in it waits.
        _ = ExecuteAsync(static isSuccess => new ValueTask<Outcome<bool>>(Outcome.FromResult(isSuccess)), isSuccess);
        return _state.CircuitState != before;
    }

    /// <summary>Tells the outcome of the call that tried the target again.</summary>
    /// <returns>Whether that has opened or closed the circuit.</returns>
    public bool Report(CircuitProbe probe, bool isSuccess)
    {
        var before = _state.CircuitState;
        probe.Complete(isSuccess);
        return _state.CircuitState != before;
    }

    private async Task<Outcome<bool>> ExecuteAsync<T>(Func<T, ValueTask<Outcome<bool>>> call, T state)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        try
        {
            return await _machine.ExecuteOutcomeAsync(static (_, both) => both.call(both.state), context, (call, state));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }
}
