using System.Buffers;
using System.IO.Pipelines;

namespace Sluice.Tests.Support;

/// <summary>A connection whose client takes what comes, or takes nothing until the test says so.</summary>
internal sealed class HoldingPipeWriter : PipeWriter
{
    private readonly ArrayBufferWriter<byte> _written = new();
    private TaskCompletionSource<FlushResult>? _blocked;
    private bool _cancelNext;

    /// <summary>Whether the client takes nothing.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Whether a flush waits for the client.</summary>
    public bool IsBlocked => _blocked is not null;

    /// <summary>What has been sent, taken or not.</summary>
    public ReadOnlySpan<byte> Written => _written.WrittenSpan;

    /// <summary>The client stops reading.</summary>
    public void Hold() => IsHeld = true;

    /// <summary>The client reads again.</summary>
    public void GoOn()
    {
        IsHeld = false;
        End(default);
    }

    public override void Advance(int bytes) => _written.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _written.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _written.GetSpan(sizeHint);

    public override void CancelPendingFlush()
    {
        _cancelNext = _blocked is null;
        End(new FlushResult(isCanceled: true, isCompleted: false));
    }

    public override void Complete(Exception? exception = null) => throw new NotSupportedException();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_cancelNext)
        {
            _cancelNext = false;
            return new(new FlushResult(isCanceled: true, isCompleted: false));
        }

        if (!IsHeld)
        {
            return default;
        }

        _blocked = new TaskCompletionSource<FlushResult>();
        return new(_blocked.Task);
    }

    private void End(FlushResult result)
    {
        var blocked = _blocked;
        _blocked = null;
        blocked?.SetResult(result);
    }
}
