using System.Buffers;
using System.IO.Pipelines;

namespace Sluice.Sse;

/// <summary>Reads the events of an event stream (WHATWG HTML, 9.2.6) from a pipe, in bounded memory, without copying where it can.</summary>
/// <remarks>
/// One consumer: calls must not overlap. Only <see cref="Comments"/> and <see cref="BytesRead"/> may be read from other threads.
/// A wait for input holds no memory of the pipe, and no memory of the reader's own unless part of an event has arrived.
/// </remarks>
public sealed class SseReader : IAsyncDisposable
{
    private readonly ISseInput _input;
    private readonly SseEventParser _parser;
    private readonly int _maxEventBytes;
    private readonly bool _reportKeepAlives;
    private ReadOnlySequence<byte> _buffer;
    private SequencePosition _next;
    private ReadOnlyMemory<byte> _piece;
    private int _offset;
    private bool _holdsBuffer;
    private bool _inputEnded;
    private bool _readBroughtEvent;
    private bool _isKeepAlive;
    private long _keepAlivesBeforeRead;
    private bool _isDisposed;
    private bool _hasFailed;
    private long _bytesRead;
    private SseReadTask? _task;

    /// <summary>Makes a reader that owns its input, up to completing it.</summary>
    /// <param name="input">The bytes; nothing else may read or complete it.</param>
    /// <param name="options">Limits; read once.</param>
    /// <exception cref="ArgumentOutOfRangeException">A limit is out of its range.</exception>
    public SseReader(PipeReader input, SseReaderOptions? options = null)
        : this(new SsePipe(input ?? throw new ArgumentNullException(nameof(input))), options ?? new SseReaderOptions())
    {
    }

    internal SseReader(ISseInput input, SseReaderOptions options)
    {
        CheckLimit(options.MaxEventBytes, nameof(options.MaxEventBytes));
        CheckLimit(options.MaxEventIdBytes, nameof(options.MaxEventIdBytes));
        _input = input;
        _maxEventBytes = options.MaxEventBytes;
        _reportKeepAlives = options.ReportKeepAlives;
        _parser = new SseEventParser(options.MaxEventBytes, options.MaxEventIdBytes);
    }

    /// <summary>The event that the last <see cref="ReadAsync"/> found; valid until the next one.</summary>
    public SseEvent Current => _isKeepAlive ? SseEvent.KeepAlive : _parser.Current;

    /// <summary>The id of the last whole event that had one (WHATWG's "last event ID string"); empty if none.</summary>
    /// <value>Raw bytes without NUL, valid until the next <see cref="ReadAsync"/>.</value>
    public ReadOnlyMemory<byte> LastEventId => _parser.LastEventId;

    /// <summary>The last valid <c>retry</c> field: how long to wait before a reconnect; null if there was none.</summary>
    public TimeSpan? Retry => _parser.Retry;

    /// <summary>How many comment lines have ended so far: a sign of life that is no event. Any thread may read it.</summary>
    public long Comments => _parser.Comments;

    /// <summary>How many bytes have come so far: a sign of life of any kind. Any thread may read it.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Reads the next event into <see cref="Current"/>. Completes at once, without allocating, if it has arrived.</summary>
    /// <param name="cancellationToken">Ends the wait; the reader stays usable.</param>
    /// <returns>False at the end of the input.</returns>
    /// <exception cref="SseFormatException">A limit was passed; every further call says so again.</exception>
    /// <exception cref="OperationCanceledException">Cancelled by the token, or by <see cref="PipeReader.CancelPendingRead"/>.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            return TryRead(cancellationToken, out var any) ? new ValueTask<bool>(any) : (_task ??= new SseReadTask(this)).WaitAsync(cancellationToken);
        }
        catch (Exception e) when (e is not ObjectDisposedException)
        {
            return e is OperationCanceledException && cancellationToken.IsCancellationRequested
                ? ValueTask.FromCanceled<bool>(cancellationToken)
                : ValueTask.FromException<bool>(e);
        }
    }

    /// <summary>Reads the next event, if it has arrived. For who waits for many: no task stands between.</summary>
    /// <param name="cancellationToken">Ends the wait that may follow.</param>
    /// <param name="any">False at the end of the input.</param>
    /// <returns>False where it has not: <see cref="Wait"/> must follow, and then this with the same token.</returns>
    internal bool TryRead(CancellationToken cancellationToken, out bool any)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _isKeepAlive = false;
        _parser.ForgetCurrent();
        while (true)
        {
            if (_holdsBuffer || _hasFailed)
            {
                switch (ParseBuffer())
                {
                    case SseParseStatus.Event:
                        any = true;
                        return true;
                    case SseParseStatus.Failed:
                        throw Fail();
                }

                ReleaseBuffer();
            }

            if (_inputEnded)
            {
                any = _parser.End();
                return true;
            }

            if (TakeKeepAlive())
            {
                any = true;
                return true;
            }

            if (!_input.TryRead(cancellationToken, out var read))
            {
                any = false;
                return false;
            }

            TakeBuffer(read);
        }
    }

    /// <summary>Waits until <see cref="TryRead"/> has more to go on.</summary>
    /// <param name="waiter">Executed once.</param>
    internal void Wait(IThreadPoolWorkItem waiter)
    {
        _parser.Rest();
        _input.Wait(waiter);
    }

    /// <summary>Gives all memory back and completes the input. No read may be pending.</summary>
    public ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return ValueTask.CompletedTask;
        _isDisposed = true;
        _parser.Release();
        _buffer = default;
        _piece = default;
        return _input.CompleteAsync();
    }

    private void TakeBuffer(ReadResult result)
    {
        _buffer = result.Buffer;
        _next = _buffer.Start;
        _holdsBuffer = true;
        _inputEnded = result.IsCompleted;
        _readBroughtEvent = false;
        _keepAlivesBeforeRead = _parser.KeepAlives;
        Volatile.Write(ref _bytesRead, _bytesRead + _buffer.Length);
    }

    private SseParseStatus ParseBuffer()
    {
        do
        {
            SseParseStatus status = _parser.Parse(_piece, ref _offset);
            if (status != SseParseStatus.NeedInput)
            {
                _readBroughtEvent = true;
                return status;
            }

            _offset = 0;
        }
        while (_holdsBuffer && _buffer.TryGet(ref _next, out _piece));

        return SseParseStatus.NeedInput;
    }

    // Once per read, after its last byte.
    private bool TakeKeepAlive()
    {
        _isKeepAlive = _reportKeepAlives && !_readBroughtEvent && _parser.KeepAlives != _keepAlivesBeforeRead;
        _readBroughtEvent = true;
        return _isKeepAlive;
    }

    private void ReleaseBuffer()
    {
        if (!_holdsBuffer)
            return;
        _parser.DetachFromInput();
        _holdsBuffer = false;
        _piece = default;
        SequencePosition end = _buffer.End;
        _buffer = default;
        _input.AdvanceTo(end);
    }

    private SseFormatException Fail()
    {
        _hasFailed = true;
        ReleaseBuffer();
        return new SseFormatException(_parser.Error, _maxEventBytes);
    }

    private static void CheckLimit(int value, string name)
    {
        if (value is < 1 or > SseReaderOptions.LargestLimit)
            throw new ArgumentOutOfRangeException(name, value, $"Must be between 1 and {SseReaderOptions.LargestLimit} bytes.");
    }
}
