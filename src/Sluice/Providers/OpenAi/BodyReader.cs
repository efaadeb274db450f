using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sluice.Providers.OpenAi;

/// <summary>Reads a response body for a consumer that takes all it is given, as <see cref="Sse.SseReader"/> does.</summary>
/// <remarks>What <see cref="PipeReader.Create(Stream, StreamPipeReaderOptions)"/> adds for other consumers (unread rests, cancelled reads) costs a second
/// cancellation registration and a state machine per read. Here a token costs one read into one buffer. Owns the stream; one consumer.</remarks>
internal sealed class BodyReader(Stream body) : PipeReader
{
    // An HTTP chunk of one token is a few hundred bytes; a burst fills this and is read in several rounds.
    private const int BufferBytes = 4096;

    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
    private bool _isComplete;

    /// <inheritdoc/>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        var read = body.ReadAsync(_buffer, cancellationToken);
        return read.IsCompletedSuccessfully ? new ValueTask<ReadResult>(Result(read.Result)) : WaitAsync(read);
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed)
    {
        // Everything was taken: the next read may overwrite it.
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => AdvanceTo(consumed);

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result) => throw new NotSupportedException("The body is read by waiting only.");

    /// <inheritdoc/>
    public override void CancelPendingRead() => throw new NotSupportedException("A read is cancelled by its token.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (!_isComplete)
        {
            _isComplete = true;
            body.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync(ValueTask<int> read) => Result(await read);

    private ReadResult Result(int count) => new(new ReadOnlySequence<byte>(_buffer, 0, count), isCanceled: false, isCompleted: count == 0);
}
