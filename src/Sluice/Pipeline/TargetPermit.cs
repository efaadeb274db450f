using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Leave to call a target once: a place under its limits, and the duty to say how the call ended. Disposed by whoever holds it, once the call is over.</summary>
internal sealed class TargetPermit(TargetHealth health, CircuitProbe? trial) : IDisposable
{
    private CircuitProbe? _probe = trial;
    private bool _isReleased;

    /// <summary>The answer is under way.</summary>
    /// <param name="timeToFirstToken">How long that took; null where what came was no token.</param>
    /// <returns>Whether that has closed the target's circuit.</returns>
    public bool Committed(TimeSpan? timeToFirstToken)
    {
        if (timeToFirstToken is { } time)
        {
            health.FirstToken(time);
        }

        // A target that answers is not down. To wait for the end of a long answer would keep everybody else away until then.
        if (_probe is not { } probe)
        {
            return false;
        }

        _probe = null;
        return health.Breaker!.Report(probe, isSuccess: true);
    }

    /// <summary>The answer is whole.</summary>
    /// <returns>Whether that has closed the target's circuit.</returns>
    public bool Succeeded() => Report(isSuccess: true);

    /// <summary>The call failed.</summary>
    /// <returns>Whether that has opened the target's circuit.</returns>
    public bool Failed(ChatProviderException error) =>
        // What is wrong with the request, or with this server, says nothing about the target.
        error.Kind is not (ChatErrorKind.InvalidRequest or ChatErrorKind.ModelNotFound or ChatErrorKind.Stopping or ChatErrorKind.Overloaded or ChatErrorKind.Unavailable)
        && Report(isSuccess: false);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isReleased)
        {
            return;
        }

        _isReleased = true;
        try
        {
            // A probe whose call said nothing (it was cancelled) has not shown that the target is well: the next one comes after another break.
            if (_probe is { } probe)
            {
                _probe = null;
                health.Breaker!.Report(probe, isSuccess: false);
            }
        }
        finally
        {
            health.Release();
        }
    }

    private bool Report(bool isSuccess)
    {
        health.Count(isSuccess);
        if (health.Breaker is not { } breaker)
        {
            return false;
        }

        var hasChanged = _probe is { } probe ? breaker.Report(probe, isSuccess) : breaker.Report(isSuccess);
        _probe = null;
        return hasChanged;
    }
}
