using Polly;

namespace Sluice.Pipeline;

/// <summary>The one call that tries a target again after it was left alone. While it lasts, nobody else may.</summary>
internal sealed class CircuitProbe
{
    // Completed inline, so that the circuit has its new state when Complete returns.
    private readonly TaskCompletionSource<bool> _outcome = new();

    /// <summary>Whether the breaker has let it through.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The breaker's execution that it keeps open.</summary>
    public Task<Outcome<bool>>? Execution { get; set; }

    /// <summary>Called by the breaker, if it lets the call through.</summary>
    public async ValueTask<Outcome<bool>> BeginAsync()
    {
        HasBegun = true;
        return Outcome.FromResult(await _outcome.Task);
    }

    /// <summary>The target has answered, or has not. Saying it again changes nothing.</summary>
    public void Complete(bool isSuccess) => _outcome.TrySetResult(isSuccess);
}
