using System.IO.Pipelines;

namespace Sluice.Tests.Support;

/// <summary>A connection that takes everything until it fails.</summary>
internal sealed class FailingPipeWriter : PipeWriter
{
    private readonly byte[] _buffer = new byte[128 * 1024];

    public bool Fails { get; set; }

    public override void Advance(int bytes)
    {
    }

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null) => throw new NotSupportedException();

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => Fails ? throw new IOException("The connection is gone.") : default;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _buffer;

    public override Span<byte> GetSpan(int sizeHint = 0) => _buffer;
}
