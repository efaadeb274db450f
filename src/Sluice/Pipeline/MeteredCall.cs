using System.Diagnostics;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>One call that <see cref="MeteredProvider"/> counts. It settles what a generation has cost once, however that ended; who joins it or reads it again has no call.</summary>
internal sealed class MeteredCall : ForwardedCall
{
    // What may stand between the finish reason and the counts.
    private const int MaxDrainedChunks = 64;

    private static readonly string Truncated = new ChatProviderException(ChatErrorKind.Truncated, "").Label;
    private static readonly string Defect = new ChatProviderException(ChatErrorKind.Internal, "").Label;

    private readonly Metering _metering;
    private readonly ChatRequest _request;
    private readonly Activity? _span;
    private readonly UsageWait _wait;
    private readonly long _started;

    // Whoever stops listening before the end has cancelled.
    private string? _outcome = "cancelled";
    private bool _hasToken;
    private bool _isDone;
    private bool _isRefused;
    private bool _isDisposed;
    private bool _isSettled;
    private TokenUsage _usage;
    private TokenCount _input;
    private TokenCount _output;
    private double _firstToken;

    /// <param name="inner">Who is asked.</param>
    /// <param name="request">The question.</param>
    /// <param name="span">The call's span, ended here; null for none.</param>
    /// <param name="metering">Where it is counted.</param>
    /// <param name="wait">The token of the call, which waits for the counts. The call's own.</param>
    public MeteredCall(IChatProvider inner, ChatRequest request, Activity? span, Metering metering, UsageWait wait)
        : base(inner.StreamAsync(request, wait.Token).GetAsyncEnumerator(wait.Token))
    {
        _metering = metering;
        _span = span;
        _request = request;
        _wait = wait;
        _started = metering.Time.GetTimestamp();
        metering.Metrics.Generations.Began(request.Body.Length);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        var outcome = _outcome;
        try
        {
            await DrainAsync();
            await base.DisposeAsync();
        }
        finally
        {
            _wait.Dispose();
            Settle();
            Report(outcome);
        }
    }

    /// <inheritdoc/>
    protected override bool Accept(in ChatChunk chunk)
    {
        if (chunk.IsToken)
        {
            _usage.Add(chunk);
            if (!_hasToken)
            {
                _hasToken = true;
                _firstToken = Seconds;
                _metering.Models.Answered(_request.Model);
                _metering.Metrics.Generations.FirstToken(_metering.Models.Of(_request.Model), _firstToken);
            }
        }

        if ((chunk.Kind & (ChatChunkKind.Finish | ChatChunkKind.Usage | ChatChunkKind.Completion | ChatChunkKind.Done | ChatChunkKind.Attempt)) != ChatChunkKind.Preamble)
        {
            TakeEnding(chunk);
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Ended()
    {
        _wait.IsOutstanding = false;
        _outcome = _isDone ? _outcome : Truncated;
    }

    /// <inheritdoc/>
    protected override Exception Failed(Exception e)
    {
        _wait.IsOutstanding = false;
        if (e is not OperationCanceledException)
        {
            _outcome = e is ChatProviderException { Label: var label } ? label : Defect;
            _isRefused = !_hasToken && e is ChatProviderException { Kind: not (ChatErrorKind.HeadersTimeout or ChatErrorKind.FirstTokenTimeout or ChatErrorKind.IdleTimeout
                or ChatErrorKind.CompletionTimeout or ChatErrorKind.Truncated or ChatErrorKind.Malformed or ChatErrorKind.TooLarge) };
        }

        return e;
    }

    private double Seconds => _metering.Time.GetElapsedTime(_started).TotalSeconds;

    private void TakeEnding(in ChatChunk chunk)
    {
        _isDone |= chunk.Kind == ChatChunkKind.Done;
        _outcome = _isDone ? null : _outcome;
        if (!chunk.Json.IsEmpty)
        {
            _usage.Read(chunk.View.Usage);
        }

        else if (chunk.Kind.HasFlag(ChatChunkKind.Attempt))
        {
            _usage.BrokeOff(_request);
        }

        if (chunk.Kind == ChatChunkKind.Completion && !_usage.IsKnown)
        {
            _usage.AddWhole(chunk.Json.Span);
        }

        _wait.IsOutstanding = !_isDone && !_usage.IsKnown && (_wait.IsOutstanding || chunk.Kind.HasFlag(ChatChunkKind.Finish));
        if (_isDone)
        {
            // Before anyone hears of the end: who asks the next question at once finds this one settled.
            Settle();
        }
    }

    // The model has finished and nobody wants to hear more, but what it has cost is about to be said.
    private async ValueTask DrainAsync()
    {
        if (!_wait.IsOutstanding)
        {
            return;
        }

        _wait.Limit();
        try
        {
            for (var i = 0; i < MaxDrainedChunks && _wait.IsOutstanding && await MoveNextAsync(); i++)
            {
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ChatProviderException)
        {
            // Then it is estimated. How the call ended was decided before.
        }
    }

    private void Settle()
    {
        if (_isSettled)
        {
            return;
        }

        _isSettled = true;
        if (_isDone)
        {
            _metering.Models.Answered(_request.Model);
        }

        // Who refuses a question, or was never reached, has not worked on it.
        (_input, _output) = _isRefused ? (default, default) : (_usage.Input(_request), _usage.Output());
        _metering.Metrics.Generations.Tokens(_metering.Models.Of(_request.Model), _input, _output);
        _request.Grant?.Settle(_input.Tokens, _isRefused ? 0 : _usage.CachedInput, _output.Tokens);
    }

    private void Report(string? outcome)
    {
        var model = _metering.Models.Of(_request.Model);
        var report = new GenerationReport(model, Seconds, _hasToken ? _firstToken : null, _input, _output, outcome);
        _metering.Metrics.Generations.Ended(model, report.Seconds, report.PerToken, outcome);
        if (_span is not null)
        {
            GenerationSpan.Stop(_span, _request, report);
        }

        PipelineMessages.Generation(_metering.Logger, outcome ?? "done", model, Math.Round(report.Seconds, 3), report.FirstToken is { } first ? Math.Round(first, 3) : null,
            _input.Tokens, _output.Tokens, _request.Origin.RequestId, _request.Origin.StreamId, _request.Caller.KeyId);
    }
}
