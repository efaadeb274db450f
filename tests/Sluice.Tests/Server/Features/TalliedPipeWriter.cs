using System.IO.Pipelines;

namespace Sluice.Tests.Server.Features;

/// <summary>A pipe's writer that counts what is written to it.</summary>
internal sealed class TalliedPipeWriter(PipeWriter pipe) : PipeWriter
{
    /// <summary>How many bytes went this way.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many flushes went this way.</summary>
    public int Flushes { get; private set; }

    /// <summary>Called before the pipe hears of a cancellation.</summary>
    public Action? OnCancel { get; set; }

    public override bool CanGetUnflushedBytes => pipe.CanGetUnflushedBytes;

    public override long UnflushedBytes => pipe.UnflushedBytes;

    public override void Advance(int bytes)
    {
        Bytes += bytes;
        pipe.Advance(bytes);
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => pipe.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => pipe.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        Flushes++;
        return pipe.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush()
    {
        OnCancel?.Invoke();
        pipe.CancelPendingFlush();
    }

    public override void Complete(Exception? exception = null) => pipe.Complete(exception);
}
