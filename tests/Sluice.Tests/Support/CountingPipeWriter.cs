using System.IO.Pipelines;

namespace Sluice.Tests.Support;

/// <summary>An output that takes everything, and goes on in another thread every few flushes.</summary>
internal sealed class CountingPipeWriter : PipeWriter
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private int _flushes;

    public long Bytes { get; private set; }

    public override void Advance(int bytes) => Bytes += bytes;

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null) => throw new NotSupportedException();

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (++_flushes % 7 == 0)
        {
            await Task.Yield();
        }

        return default;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;
}
