using System.IO.Pipelines;

namespace Sluice.Tests.Support;

/// <summary>A connection that takes everything, and tells of each flush.</summary>
internal sealed class WatchedPipeWriter(Action onFlush) : PipeWriter
{
    private readonly byte[] _buffer = new byte[128 * 1024];

    public override void Advance(int bytes)
    {
    }

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null) => throw new NotSupportedException();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        onFlush();
        return default;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;
}
