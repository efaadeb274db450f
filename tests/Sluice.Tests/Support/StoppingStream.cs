namespace Sluice.Tests.Support;

/// <summary>A connection whose client leaves when it has got so many bytes.</summary>
internal sealed class StoppingStream(MemoryStream taken, Func<long> limit) : Stream
{
    private readonly CancellationTokenSource _full = new();

    /// <summary>Cancelled when the client has left.</summary>
    public CancellationToken Full => _full.Token;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Write(byte[] buffer, int offset, int count)
    {
        taken.Write(buffer, offset, count);
        if (taken.Length >= limit())
        {
            _full.Cancel();
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        taken.Write(buffer.Span);
        return taken.Length >= limit() ? new ValueTask(_full.CancelAsync()) : ValueTask.CompletedTask;
    }

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _full.Dispose();
        base.Dispose(disposing);
    }
}
