using System.Buffers;
using System.IO.Pipelines;
using Sluice.Sse;

namespace Sluice.Providers.Http;

/// <summary>The body of an answer, read where the socket put it.</summary>
/// <remarks>
/// One consumer. It may leave bytes for later, but not ask for more before it has taken what it was given. Read to its end, the body gives
/// its connection to the next request; completed before, it closes it.
/// </remarks>
internal sealed class Http1Body : ISseInput
{
    private readonly Http1Connection _connection;
    private readonly Http1Framing _framing;
    private readonly Http1Cancellation _cancellation;
    private readonly CancellationToken _token;
    private readonly Http1Pool? _pool;
    private Http1Chunks _chunks;
    private long _left;
    private ReadOnlyMemory<byte> _piece;
    private bool _isAtEnd;
    private bool _isComplete;
    private bool _isBroken;
    private bool _hasOther;
    private CancellationTokenRegistration _onOther;

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
        _token = cancellation.Token;
        _pool = pool;
        _left = framing.Length ?? long.MaxValue;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The connection broke, or ended before the body.</exception>
    /// <exception cref="OperationCanceledException">The request's token, or this one, was cancelled. The answer cannot be read on.</exception>
    public bool TryRead(CancellationToken cancellationToken, out ReadResult result)
    {
        // A read that was under way hears how it ended.
        ObjectDisposedException.ThrowIf(_isComplete && !_connection.IsReading, this);
        try
        {
            while (_piece.IsEmpty && !TryTake())
            {
                if (!_connection.TryRead(out var any))
                {
                    Watch(cancellationToken);
                    result = default;
                    return false;
                }

                if (!any)
                {
                    _isAtEnd = _framing.EndsWithConnection
                        ? true
                        : throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection ended before the answer.");
                }
            }
        }
        catch (Exception e) when (_token.IsCancellationRequested || cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The request was cancelled.", e, _token.IsCancellationRequested ? _token : cancellationToken);
        }

        Unwatch();
        result = new ReadResult(new ReadOnlySequence<byte>(_piece), isCanceled: false, isCompleted: _isAtEnd);
        return true;
    }

    /// <inheritdoc/>
    public void Wait(IThreadPoolWorkItem waiter) => _connection.Wait(waiter);

    /// <inheritdoc/>
    public void AdvanceTo(SequencePosition consumed) =>
        _piece = _piece.IsEmpty ? default : new ReadOnlySequence<byte>(_piece).Slice(consumed).First;

    /// <inheritdoc/>
    public ValueTask CompleteAsync()
    {
        Complete();
        return default;
    }

    /// <summary>Nothing more is read. Once more does nothing.</summary>
    public void Complete()
    {
        if (_isComplete)
        {
            return;
        }

        _isComplete = true;
        _piece = default;
        Unwatch();
        var isFree = _cancellation.TryEnd() && !_isBroken;
        if (isFree && _isAtEnd && _pool is not null && _connection is { IsReading: false, IsDrained: true })
        {
            _pool.Return(_connection);
        }
        else
        {
            _connection.Close();
        }
    }

    // The request's own token breaks the connection anyway; any other one is the rare case.
    private void Watch(CancellationToken cancellationToken)
    {
        if (!_hasOther && cancellationToken != _token && cancellationToken.CanBeCanceled)
        {
            _hasOther = true;
            _onOther = cancellationToken.UnsafeRegister(static connection => ((Http1Connection)connection!).Abort(), _connection);
        }
    }

    private void Unwatch()
    {
        if (_hasOther)
        {
            _hasOther = false;
            _isBroken |= !_onOther.Unregister();
        }
    }

    // The next piece of content out of what has been read; true at the end, too, with no piece.
    private bool TryTake()
    {
        if (!_isAtEnd && !_connection.IsReading)
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
}
