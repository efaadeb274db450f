using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Sluice.Providers.Http;

/// <summary>A body as a pipe, for whoever reads it in one piece.</summary>
/// <param name="body">The body. Completed with this.</param>
internal sealed class Http1BodyPipe(Http1Body body) : PipeReader, IValueTaskSource<ReadResult>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<ReadResult> _result;
    private CancellationToken _cancellation;

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection broke, or ended before the body.</exception>
    /// <exception cref="OperationCanceledException">The request's token, or this one, was cancelled. The answer cannot be read on.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        if (TryRead(cancellationToken, out var result))
        {
            return new ValueTask<ReadResult>(result);
        }

        _cancellation = cancellationToken;
        _result.Reset();
        body.Wait(this);
        return new ValueTask<ReadResult>(this, _result.Version);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result) => throw new NotSupportedException("A read that finds nothing has begun one: it must be waited for.");

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => body.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => body.AdvanceTo(consumed);

    /// <inheritdoc/>
    public override void CancelPendingRead() => throw new NotSupportedException("A read is cancelled by the request's token.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null) => body.Complete();

    private bool TryRead(CancellationToken cancellationToken, out ReadResult result) => body.TryRead(cancellationToken, out result);

    void IThreadPoolWorkItem.Execute()
    {
        ReadResult result;
        try
        {
            if (!TryRead(_cancellation, out result))
            {
                body.Wait(this);
                return;
            }
        }
        catch (Exception e)
        {
            _result.SetException(e);
            return;
        }

        _result.SetResult(result);
    }

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token) => _result.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
