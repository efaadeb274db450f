using System.Diagnostics;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>One call of one target: its chunks, its place under the target's limits, and how it ended. Disposed by whoever began it, on every path.</summary>
internal sealed class Attempt : IAsyncDisposable
{
    private readonly FailoverServices _services;
    private readonly TargetPermit _permit;
    private readonly AttemptReason _reason;
    private readonly CancellationTokenSource? _limit;
    private readonly CancellationTokenSource? _both;
    private readonly CancellationToken _token;
    private readonly long _started;
    private string? _outcome = "cancelled";
    private ChatOrigin _origin = ChatOrigin.None;
    private Activity? _span;

    /// <param name="target">Whom to call.</param>
    /// <param name="reason">Why it is made.</param>
    /// <param name="permit">Leave to do so. The attempt's from here on.</param>
    /// <param name="within">How long the call may take until it commits; null for the target's own limits only.</param>
    /// <param name="services">What calls need.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <param name="mayBeCalledOff">Whether <see cref="CallOff"/> is to be had.</param>
    public Attempt(ChatTarget target, AttemptReason reason, TargetPermit permit, TimeSpan? within, FailoverServices services, CancellationToken cancellationToken, bool mayBeCalledOff = false)
    {
        Target = target;
        _reason = reason;
        _permit = permit;
        _services = services;
        _started = services.Time.GetTimestamp();
        _token = cancellationToken;
        services.Metrics.Attempts.Began();
        if (within is not null || mayBeCalledOff)
        {
            _limit = within is { } span ? new CancellationTokenSource(span > TimeSpan.Zero ? span : TimeSpan.Zero, services.Time) : new CancellationTokenSource();
            _both = CancellationTokenSource.CreateLinkedTokenSource(_limit.Token, cancellationToken);
            _token = _both.Token;
        }
    }

    /// <summary>Who is called.</summary>
    public ChatTarget Target { get; }

    /// <summary>What it says; null before <see cref="Open"/>.</summary>
    public IAsyncEnumerator<ChatChunk>? Chunks { get; private set; }

    /// <summary>Whether the call was ended because all tries together took too long.</summary>
    public bool IsOutOfTime => _limit?.IsCancellationRequested == true && !IsCalledOff;

    /// <summary>Whether the call was ended because nobody needs it any more.</summary>
    public bool IsCalledOff { get; private set; }

    /// <summary>Begins the call.</summary>
    /// <param name="request">What to ask, under the target's own name for the model.</param>
    public IAsyncEnumerator<ChatChunk> Open(ChatRequest request)
    {
        _origin = request.Origin;
        _span = AttemptSpan.Start(ref request, Target.ProviderName, _reason);
        return Chunks = Target.Provider.StreamAsync(request, _token).GetAsyncEnumerator(_token);
    }

    /// <summary>The answer is under way: from here on only the target's own limits hold.</summary>
    /// <param name="isToken">Whether it began with a token.</param>
    public void Committed(bool isToken)
    {
        _limit?.CancelAfter(Timeout.InfiniteTimeSpan);
        var firstToken = isToken ? _services.Time.GetElapsedTime(_started) : (TimeSpan?)null;
        if (firstToken is { } time)
        {
            _services.Metrics.Attempts.FirstToken(Target.ProviderName, time.TotalSeconds);
        }

        if (_permit.Committed(firstToken))
        {
            PipelineMessages.CircuitClosed(_services.Logger, Target.Name);
        }
    }

    /// <summary>The call has lost against another one that began later.</summary>
    public void WasTooSlow() => Target.Health.NoFirstToken(_services.Time.GetElapsedTime(_started));

    /// <summary>Ends the call before it has said anything: another one has. What it throws from here on is no failure of the target. Never throws itself.</summary>
    public void CallOff()
    {
        IsCalledOff = true;
        try
        {
            _limit!.Cancel();
        }
        catch (AggregateException e)
        {
            PipelineMessages.AttemptDefect(_services.Logger, e, Target.Name);
        }
    }

    /// <summary>The answer is whole.</summary>
    public void Succeeded()
    {
        _outcome = null;
        if (_permit.Succeeded())
        {
            PipelineMessages.CircuitClosed(_services.Logger, Target.Name);
        }
    }

    /// <summary>The target answers, but its answer is of no use here.</summary>
    public void Departed()
    {
        _outcome = "departed";
        if (_permit.Committed(timeToFirstToken: null))
        {
            PipelineMessages.CircuitClosed(_services.Logger, Target.Name);
        }
    }

    /// <summary>The call failed.</summary>
    /// <param name="error">How.</param>
    public void Failed(ChatProviderException error)
    {
        _outcome = error.Label;
        if (error.Kind == ChatErrorKind.Internal)
        {
            PipelineMessages.AttemptDefect(_services.Logger, error.InnerException, Target.Name);
        }
        else
        {
            // An upstream's own words may quote the question.
            PipelineMessages.AttemptFailed(_services.Logger, Target.Name, error.Label, error.IsUpstreamText ? $"status {error.UpstreamStatus}" : error.Message, _origin.RequestId, _origin.StreamId);
        }

        // A call that was given only what was left of the question's time has not shown that the target is slow.
        if (!IsOutOfTime && _permit.Failed(error))
        {
            PipelineMessages.CircuitOpened(_services.Logger, Target.Name, error.Label);
        }
    }

    /// <summary>Disposes a call that is over, so that another can be made. Never throws.</summary>
    public async ValueTask LetGoAsync()
    {
        try
        {
            await DisposeAsync();
        }
        catch (Exception e)
        {
            // That it does not let go is the provider's defect, and no reason not to ask another.
            PipelineMessages.AttemptDefect(_services.Logger, e, Target.Name);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (Chunks is { } chunks)
            {
                await chunks.DisposeAsync();
            }
        }
        finally
        {
            _permit.Dispose();
            _both?.Dispose();
            _limit?.Dispose();
            if (_span is not null)
            {
                SluiceTraces.Stop(_span, _outcome);
            }

            _services.Metrics.Attempts.Ended(Target.ProviderName, _reason, _services.Time.GetElapsedTime(_started).TotalSeconds, _outcome);
        }
    }
}
