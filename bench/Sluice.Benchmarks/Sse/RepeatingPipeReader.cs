using System.Buffers;
using System.IO.Pipelines;

namespace Sluice.Benchmarks.Sse;

/// <summary>A pipe whose input starts anew whenever it is used up: what it costs is next to nothing.</summary>
/// <param name="content">What one round gives.</param>
/// <param name="bytesPerRead">How much one read gives; the last of a round may give less.</param>
internal sealed class RepeatingPipeReader(byte[] content, int bytesPerRead) : PipeReader
{
    private int _at;
    private int _given;

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        _given = Math.Min(bytesPerRead, content.Length - _at);
        return new ValueTask<ReadResult>(
            new ReadResult(new ReadOnlySequence<byte>(content, _at, _given), isCanceled: false, isCompleted: false));
    }

    public override void AdvanceTo(SequencePosition consumed) => _at = _at + _given == content.Length ? 0 : _at + _given;

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    public override bool TryRead(out ReadResult result) => throw new NotSupportedException();

    public override void CancelPendingRead() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }
}
