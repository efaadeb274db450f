using System.IO.Pipelines;

namespace Sluice.Tests.Support;

/// <summary>An output whose reader leaves when it has seen some bytes.</summary>
internal sealed class LeavingPipeWriter(CancellationTokenSource gone, int bytes) : PipeWriter
{
    private readonly byte[] _buffer = new byte[128 * 1024];
    private long _left = bytes;

    public override void Advance(int bytes) => _left -= bytes;

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null) => throw new NotSupportedException();

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_left <= 0)
        {
            await gone.CancelAsync();
        }

        return default;
    }

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;
}
