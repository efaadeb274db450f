using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sluice.Providers.Http;

/// <summary>The body of an answer, read where the socket put it.</summary>
/// <remarks>
/// One consumer. It may leave bytes for later, but not ask for more before it has taken what it was given. Read to its end, the body gives
/// its connection to the next request; completed before, it closes it.
/// </remarks>
internal sealed class Http1Body(Http1Connection connection, Http1Framing framing, Http1Cancellation cancellation, Http1Pool? pool) : PipeReader
{
    private Http1Chunks _chunks;
    private long _left = framing.Length ?? long.MaxValue;
    private ReadOnlyMemory<byte> _piece;
    private bool _isAtEnd;
    private bool _isComplete;

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection broke, or ended before the body.</exception>
    /// <exception cref="OperationCanceledException">The request's token, or this one, was cancelled. The answer cannot be read on.</exception>
    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        if (!_piece.IsEmpty || TryTake())
        {
            return new ValueTask<ReadResult>(Result());
        }

        // The request's own token has broken off the read already; any other one is the rare case.
        return cancellationToken == cancellation.Token || !cancellationToken.CanBeCanceled
            ? WaitAsync()
            : WaitWithAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override bool TryRead(out ReadResult result)
    {
        ObjectDisposedException.ThrowIf(_isComplete, this);
        var any = !_piece.IsEmpty || TryTake();
        result = any ? Result() : default;
        return any;
    }

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    /// <inheritdoc/>
    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) =>
        _piece = _piece.IsEmpty ? default : new ReadOnlySequence<byte>(_piece).Slice(consumed).First;

    /// <inheritdoc/>
    public override void CancelPendingRead() => throw new NotSupportedException("A read is cancelled by the request's token.");

    /// <inheritdoc/>
    public override void Complete(Exception? exception = null)
    {
        if (_isComplete)
        {
            return;
        }

        _isComplete = true;
        _piece = default;
        var isFree = cancellation.TryEnd();
        if (isFree && _isAtEnd && pool is not null && connection.Unread.IsEmpty)
        {
            pool.Return(connection);
        }
        else
        {
            connection.Close();
        }
    }

    // Once per token: the pooled builder keeps that free of allocations.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadResult> WaitAsync()
    {
        try
        {
            while (true)
            {
                if (!connection.Fill(await connection.ReadAsync()))
                {
                    _isAtEnd = framing.EndsWithConnection ? true : throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection ended before the answer.");
                    return Result();
                }

                if (TryTake())
                {
                    return Result();
                }
            }
        }
        catch (Exception e) when (cancellation.IsRequested)
        {
            throw new OperationCanceledException("The request was cancelled.", e, cancellation.Token);
        }
    }

    private async ValueTask<ReadResult> WaitWithAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static connection => ((Http1Connection)connection!).Abort(), connection);
        try
        {
            return await WaitAsync();
        }
        catch (IOException e) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The read was cancelled.", e, cancellationToken);
        }
    }

    // The next piece of content out of what has been read; true at the end, too, with no piece.
    private bool TryTake()
    {
        if (!_isAtEnd)
        {
            var unread = connection.Unread;
            var length = 0;
            if (framing.IsChunked)
            {
                length = _chunks.Next(unread.Span, out var taken);
                connection.Take(taken);
                _isAtEnd = _chunks.IsAtEnd;
                unread = unread[taken..];
            }
            else
            {
                length = (int)Math.Min(_left, unread.Length);
                _left -= length;
                _isAtEnd = length == 0 && _left == 0;
            }

            _piece = unread[..length];
            connection.Take(length);
        }

        return _isAtEnd || !_piece.IsEmpty;
    }

    private ReadResult Result() => new(new ReadOnlySequence<byte>(_piece), isCanceled: false, isCompleted: _isAtEnd);
}
