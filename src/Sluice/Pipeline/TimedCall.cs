using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>One call under <see cref="TimeoutProvider"/>'s limits.</summary>
internal sealed class TimedCall : ForwardedCall
{
    private readonly TimeoutProvider _limits;
    private readonly TimeLimit _limit;
    private readonly CancellationToken _cancel;
    private readonly long _headersBy;
    private readonly long _firstTokenBy;
    private ChatErrorKind _stage;
    private bool _isTimed;

    /// <param name="inner">Who is asked.</param>
    /// <param name="request">The question.</param>
    /// <param name="limits">How long each wait may last.</param>
    /// <param name="limit">What ends a wait. The call's own.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public TimedCall(IChatProvider inner, ChatRequest request, TimeoutProvider limits, TimeLimit limit, CancellationToken cancellationToken)
        : base(inner.StreamAsync(request, limit.Token).GetAsyncEnumerator(limit.Token))
    {
        _limits = limits;
        _limit = limit;
        _cancel = cancellationToken;
        _stage = request.Stream ? ChatErrorKind.HeadersTimeout : ChatErrorKind.CompletionTimeout;
        _firstTokenBy = limit.In(request.Stream ? limits.FirstToken : limits.NonStreaming);
        _headersBy = request.Stream ? Math.Min(limit.In(limits.Headers), _firstTokenBy) : _firstTokenBy;
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await base.DisposeAsync();
        }
        finally
        {
            _limit.Dispose();
        }
    }

    /// <inheritdoc/>
    /// <remarks>A wait lasts until there is a chunk: bytes that make none, however many come, do not begin another one.</remarks>
    protected override void Waiting()
    {
        if (_isTimed)
        {
            return;
        }

        _isTimed = true;
        _limit.Start(_stage switch
        {
            ChatErrorKind.HeadersTimeout => _headersBy,
            ChatErrorKind.IdleTimeout => _limit.In(_limits.Idle),
            _ => _firstTokenBy,
        });
    }

    /// <inheritdoc/>
    protected override bool Accept(in ChatChunk chunk)
    {
        Stop();
        if (_stage != ChatErrorKind.CompletionTimeout)
        {
            _stage = chunk.IsToken || _stage == ChatErrorKind.IdleTimeout ? ChatErrorKind.IdleTimeout : ChatErrorKind.FirstTokenTimeout;
        }

        return chunk.Kind != ChatChunkKind.Heartbeat;
    }

    /// <inheritdoc/>
    protected override void Ended() => Stop();

    /// <inheritdoc/>
    protected override Exception Failed(Exception e) =>
        e is OperationCanceledException && _limit.IsOver && !_cancel.IsCancellationRequested ? _limits.TimedOut(_stage, e) : e;

    private void Stop()
    {
        _isTimed = false;
        _limit.Stop();
    }
}
