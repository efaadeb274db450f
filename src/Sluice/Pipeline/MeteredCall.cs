using System.Text.Json;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>One call that <see cref="MeteredProvider"/> counts.</summary>
internal sealed class MeteredCall : ForwardedCall
{
    private static readonly string Truncated = new ChatProviderException(ChatErrorKind.Truncated, "").Code;
    private static readonly string Defect = new ChatProviderException(ChatErrorKind.Internal, "").Code;

    private readonly SluiceMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly string _model;
    private readonly long _started;

    // Whoever stops listening before the end has cancelled.
    private string? _outcome = "cancelled";
    private bool _hasToken;
    private bool _isDone;
    private bool _isDisposed;
    private (long Input, long Output) _usage;

    /// <param name="inner">Who is asked.</param>
    /// <param name="request">The question.</param>
    /// <param name="metrics">Where it is counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public MeteredCall(IChatProvider inner, ChatRequest request, SluiceMetrics metrics, TimeProvider time, CancellationToken cancellationToken)
        : base(inner.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken))
    {
        _metrics = metrics;
        _time = time;
        _model = request.Model ?? "default";
        _started = time.GetTimestamp();
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
            if (!_isDisposed)
            {
                _isDisposed = true;
                _metrics.Tokens(_model, _usage.Input, _usage.Output);
                _metrics.CallEnded(_model, _time.GetElapsedTime(_started).TotalSeconds, _outcome);
            }
        }
    }

    /// <inheritdoc/>
    protected override bool Accept(ChatChunk chunk)
    {
        if (!_hasToken && chunk.IsToken)
        {
            _hasToken = true;
            _metrics.FirstToken(_model, _time.GetElapsedTime(_started).TotalSeconds);
        }

        if ((chunk.Kind & (ChatChunkKind.Usage | ChatChunkKind.Completion | ChatChunkKind.Done)) != ChatChunkKind.Preamble)
        {
            _isDone |= chunk.Kind == ChatChunkKind.Done;
            _outcome = _isDone ? null : _outcome;
            _usage = chunk.Json.IsEmpty ? _usage : ReadUsage(chunk.View.Usage);
        }

        return true;
    }

    /// <inheritdoc/>
    protected override void Ended() => _outcome = _isDone ? _outcome : Truncated;

    /// <inheritdoc/>
    protected override Exception Failed(Exception e)
    {
        if (e is not OperationCanceledException)
        {
            _outcome = e is ChatProviderException { Code: var code } ? code : Defect;
        }

        return e;
    }

    private static (long Input, long Output) ReadUsage(ReadOnlySpan<byte> usage)
    {
        var counts = default((long Input, long Output));
        var reader = new Utf8JsonReader(usage);
        while (!usage.IsEmpty && reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isInput = JsonName.Is(in reader, "prompt_tokens"u8);
            var isOutput = JsonName.Is(in reader, "completion_tokens"u8);
            if ((isInput || isOutput) && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count))
            {
                counts = isInput ? (count, counts.Output) : (counts.Input, count);
            }
        }

        return counts;
    }
}
