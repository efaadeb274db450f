using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.IO.Pipelines;
using System.Threading.Tasks.Sources;

namespace Sluice.Providers.Http;

/// <summary>The body of an answer, read where the socket put it.</summary>
/// <remarks>
/// One consumer. It may leave bytes for later, but not ask for more before it has taken what it was given. Read to its end, the body gives
/// its connection to the next request; completed before, it closes it.
/// </remarks>
internal sealed class Http1Body : PipeReader, IValueTaskSource<ReadResult>
{
    private readonly Http1Connection _connection;
    private readonly Http1Framing _framing;
    private readonly Http1Cancellation _cancellation;
    private readonly Http1Pool? _pool;
    private readonly Action _onRead;
    private ValueTask<int> _read;
    private ManualResetValueTaskSourceCore<ReadResult> _result;
    private Http1Chunks _chunks;
    private long _left;
    private ReadOnlyMemory<byte> _piece;
    private bool _isAtEnd;
    private bool _isComplete;
    private bool _isWaiting;

    /// <summary>Begins to read a body.</summary>
    /// <param name="connection">What it comes over; the body's own from now on.</param>
    /// <param name="framing">How its end is told.</param>
    /// <param name="cancellation">Breaks the connection when the request is cancelled.</param>
    /// <param name="pool">Where the connection goes when the body has been read to its end; null if nowhere.</param>
    public Http1Body(Http1Connection connection, Http1Framing framing, Http1Cancellation cancellation, Http1Pool? pool)
    {
        _connection = connection;
        _framing = framing;
        _cancellation = cancellation;
        _pool = pool;
        _left = framing.Length ?? long.MaxValue;
        _onRead = OnRead;
    }

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
        return cancellationToken == _cancellation.Token || !cancellationToken.CanBeCanceled
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
        var isFree = _cancellation.TryEnd();
        if (_isWaiting)
        {
            // Whoever disposes an answer under its reader: the socket may still write into the buffer, so nobody else may get it.
            _connection.Abort();
        }
        else if (isFree && _isAtEnd && _pool is not null && _connection.IsDrained)
        {
            _pool.Return(_connection);
        }
        else
        {
            _connection.Close();
        }
    }

    // Once per token. An async method would do the same with a state machine's box, two casts and an execution context more.
    private ValueTask<ReadResult> WaitAsync()
    {
        _result.Reset();
        _isWaiting = true;
        Wait();
        return new ValueTask<ReadResult>(this, _result.Version);
    }

    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once: here where it has completed, else in OnRead.")]
    private void Wait()
    {
        try
        {
            do
            {
                _read = _connection.ReadAsync();
                if (!_read.IsCompleted)
                {
                    _read.GetAwaiter().UnsafeOnCompleted(_onRead);
                    return;
                }
            }
            while (!TryTakeRead());
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        _result.SetResult(Result());
    }

    private void OnRead()
    {
        bool isThere;
        try
        {
            isThere = TryTakeRead();
        }
        catch (Exception e)
        {
            Fail(e);
            return;
        }

        if (isThere)
        {
            _result.SetResult(Result());
        }
        else
        {
            Wait();
        }
    }

    private void Fail(Exception e) => _result.SetException(_cancellation.IsRequested
        ? new OperationCanceledException("The request was cancelled.", e, _cancellation.Token)
        : e);

    private bool TryTakeRead()
    {
        if (!_connection.Fill(_read.GetAwaiter().GetResult()))
        {
            _isAtEnd = _framing.EndsWithConnection
                ? true
                : throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection ended before the answer.");
        }

        return TryTake();
    }

    private async ValueTask<ReadResult> WaitWithAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var registration = cancellationToken.UnsafeRegister(static connection => ((Http1Connection)connection!).Abort(), _connection);
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
            var unread = _connection.Unread;
            var length = 0;
            if (_framing.IsChunked)
            {
                length = _chunks.Next(unread.Span, out var taken);
                _connection.Take(taken);
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
            _connection.Take(length);
        }

        return _isAtEnd || !_piece.IsEmpty;
    }

    private ReadResult Result() => new(new ReadOnlySequence<byte>(_piece), isCanceled: false, isCompleted: _isAtEnd);

    ReadResult IValueTaskSource<ReadResult>.GetResult(short token)
    {
        _isWaiting = false;
        return _result.GetResult(token);
    }

    ValueTaskSourceStatus IValueTaskSource<ReadResult>.GetStatus(short token) => _result.GetStatus(token);

    void IValueTaskSource<ReadResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _result.OnCompleted(continuation, state, token, flags);
}
