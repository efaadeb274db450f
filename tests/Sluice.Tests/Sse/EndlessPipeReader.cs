using System.Buffers;
using System.IO.Pipelines;

namespace Sluice.Tests.Sse;

/// <summary>A prefix, then one block of bytes over and over until the length is reached; it never holds more than the block.</summary>
internal sealed class EndlessPipeReader(byte[] prefix, byte[] block, long length) : PipeReader
{
    private ReadOnlySequence<byte> _current = new(prefix);
    private long _left = length;

    public long Given { get; private set; }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        Given += _current.Length;
        return ValueTask.FromResult(new ReadResult(_current, isCanceled: false, isCompleted: _left == 0));
    }

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        Assert.True(_current.Slice(consumed).IsEmpty, "All input is taken.");
        int next = (int)Math.Min(block.Length, _left);
        _left -= next;
        _current = new ReadOnlySequence<byte>(block, 0, next);
    }

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null) => _left = 0;
}
