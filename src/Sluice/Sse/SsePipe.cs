using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;

namespace Sluice.Sse;

/// <summary>Any pipe as an input.</summary>
/// <param name="pipe">The bytes; nothing else may read or complete it.</param>
internal sealed class SsePipe(PipeReader pipe) : ISseInput
{
    private ValueTask<ReadResult> _read;
    private bool _isUnderWay;
    private Action? _onRead;
    private IThreadPoolWorkItem? _waiter;

    /// <inheritdoc/>
    /// <exception cref="OperationCanceledException">Cancelled by the token, or by <see cref="PipeReader.CancelPendingRead"/>.</exception>
    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once, when it has completed.")]
    public bool TryRead(CancellationToken cancellationToken, out ReadResult result)
    {
        if (!_isUnderWay)
        {
            _read = pipe.ReadAsync(cancellationToken);
            _isUnderWay = true;
        }

        if (!_read.IsCompleted)
        {
            result = default;
            return false;
        }

        _isUnderWay = false;
        result = _read.GetAwaiter().GetResult();
        if (result.IsCanceled)
        {
            pipe.AdvanceTo(result.Buffer.Start);
            throw new OperationCanceledException("The pending read of the event stream was cancelled.");
        }

        return true;
    }

    /// <inheritdoc/>
    public void Wait(IThreadPoolWorkItem waiter)
    {
        _waiter = waiter;
        _read.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onRead ??= () => _waiter!.Execute());
    }

    /// <inheritdoc/>
    public void AdvanceTo(SequencePosition consumed) => pipe.AdvanceTo(consumed);

    /// <inheritdoc/>
    public ValueTask CompleteAsync() => pipe.CompleteAsync();
}
