using System.Buffers;
using System.IO.Pipelines;
using Sluice.Diagnostics;
using Sluice.Sse;

namespace Sluice.Streams;

/// <summary>One viewer of a stream: sends it the log as it grows, and a comment when there was silence for long.</summary>
/// <remarks>It sleeps on a bell that the producer, the keep-alive timer and the connection's end ring. Per event it costs one copy and one flush; where that is all
/// there is to do, whoever rings does it, and the viewer sleeps on.</remarks>
internal sealed class StreamViewer : IDisposable, ILiveCount
{
    // What goes out between two flushes. Kestrel buffers 64 KiB before a flush waits for the client.
    private const int MaxFlushBytes = 64 * 1024;

    private readonly StreamSession _session;
    private readonly StreamCursor _cursor;
    private readonly ReadOnlyMemory<byte> _prelude;
    private readonly StreamMetrics _metrics;
    private readonly (long Events, long Bytes) _joinedAt;
    private readonly Signal _bell = new();
    private readonly CancellationToken _gone;
    private readonly CancellationTokenRegistration _onGone;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keepAlive;
    private readonly TimeSpan _maxBlocked;
    private readonly ITimer _timer;
    private PipeWriter? _output;
    private ValueTask<FlushResult>? _begun;
    private bool _isUnderWay;
    private long _blockedSince;
    private bool _isLetGo;
    private bool _isDisposed;
    private long _lastWrite;
    private StreamStatus? _shown;
    private bool _pingIsDue;
    private long _flushed;
    private long _flushedBytes;

    public StreamViewer(StreamSession session, StreamCursor cursor, ReadOnlyMemory<byte> prelude, TimeProvider time, StreamOptions options, StreamMetrics metrics, CancellationToken gone)
    {
        _session = session;
        _cursor = cursor;
        _flushed = cursor.Sequence;
        _flushedBytes = cursor.Position;
        _metrics = metrics;
        _joinedAt = (_flushed, _flushedBytes);
        _prelude = prelude;
        _gone = gone;
        _time = time;
        _keepAlive = options.KeepAlive;
        _maxBlocked = options.MaxBlocked;
        _lastWrite = time.GetTimestamp();
        _timer = time.CreateTimer(static viewer => ((StreamViewer)viewer!).OnTimer(), this, Shorter(_keepAlive, _maxBlocked), Timeout.InfiniteTimeSpan);
        _onGone = gone.UnsafeRegister(static viewer => ((StreamViewer)viewer!).Wake(), this);
        metrics.Joined(this, isResumed: _flushed > 0);
    }

    /// <summary>The number of the last event that has been handed to the viewer's connection.</summary>
    public long Flushed => Volatile.Read(ref _flushed);

    /// <summary>How many bytes of the log those are.</summary>
    public long FlushedBytes => Volatile.Read(ref _flushedBytes);

    /// <inheritdoc/>
    long ILiveCount.Events => Flushed - _joinedAt.Events;

    /// <inheritdoc/>
    long ILiveCount.Bytes => FlushedBytes - _joinedAt.Bytes;

    /// <summary>Whether it is too slow to be waited for: its connection is to be closed, and it may come back.</summary>
    public bool IsLetGo => Volatile.Read(ref _isLetGo);

    /// <summary>Lets a viewer go that is too slow. It no longer watches from now on, and stops sending, also out of a flush that waits.</summary>
    public void LetGo()
    {
        Volatile.Write(ref _isLetGo, true);
        _session.LetGo(this);
        Wake();
        Volatile.Read(ref _output)?.CancelPendingFlush();
    }

    /// <summary>There may be something to do. The viewer goes on inside this call.</summary>
    public void Wake()
    {
        // The first flush, which starts the response, is the viewer's own: it belongs to the request.
        if (Volatile.Read(ref _isUnderWay) && _output is { } output && _bell.TryHold())
        {
            _bell.LetGo(isDone: TrySendAsleep(output));
        }
        else
        {
            _bell.Set();
        }
    }

    /// <summary>Waits until the answer is under way, has ended, or has been silent for a keep-alive's time.</summary>
    /// <exception cref="OperationCanceledException">The viewer left.</exception>
    public async ValueTask WaitForCommitAsync()
    {
        while (!_session.IsCommitted && _session.State == StreamState.Running && !_pingIsDue)
        {
            await _bell.WaitAsync();
            _gone.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends the log until its terminal event, or until the viewer leaves or is let go.</summary>
    /// <param name="output">The response body. Flushed, not completed.</param>
    public async Task RunAsync(PipeWriter output)
    {
        Volatile.Write(ref _output, output);
        try
        {
            await SendAsync(output);
        }
        finally
        {
            Volatile.Write(ref _output, null);
        }
    }

    /// <summary>Leaves the stream.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        // Unregister, unlike Dispose, never waits for a callback that is running.
        _isDisposed = true;
        _onGone.Unregister();
        _timer.Dispose();
        _session.Detach(this);
        _metrics.Viewers.Remove(this);
        _cursor.Dispose();
        _session.Release();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private async Task SendAsync(PipeWriter output)
    {
        if (!_prelude.IsEmpty)
        {
            await FlushAsync(output, _prelude);
        }

        while (true)
        {
            if (_begun is { } begun)
            {
                _begun = null;
                await FlushedAsync(begun);
            }

            if (_gone.IsCancellationRequested || IsLetGo)
            {
                return;
            }

            var isComplete = _session.Log.IsComplete;
            if (_cursor.TryTake(output, MaxFlushBytes, out var last))
            {
                await FlushAsync(output, last);
            }
            else if (_cursor.Sequence != _flushed)
            {
                // The bytes had left before the log said how many events they are: the producer must hear of it, or it may wait for ever.
                OnFlushed();
            }
            else if (isComplete)
            {
                return;
            }
            else if (_session.Status is { } status && !ReferenceEquals(status, _shown))
            {
                _shown = status;
                await FlushAsync(output, status.Frame);
            }
            else if (_pingIsDue)
            {
                _pingIsDue = false;
                if (SilenceLeft() <= TimeSpan.Zero)
                {
                    output.Write(SseWriter.Ping);
                    await FlushAsync(output, default);
                }
            }
            else
            {
                await _bell.WaitAsync();
            }
        }
    }

    // What nearly every ring is for: there is something new, and the client takes it at once.
    private bool TrySendAsleep(PipeWriter output)
    {
        if (_gone.IsCancellationRequested || IsLetGo || _session.Log.IsComplete || (_session.Status is { } status && !ReferenceEquals(status, _shown)))
        {
            return false;
        }

        ValueTask<FlushResult> flush;
        try
        {
            if (!_cursor.TryTake(output, MaxFlushBytes, out var last))
            {
                return false;
            }

            flush = SendAsync(output, last);
        }
        catch (Exception e)
        {
            // It is the viewer's failure, not of whoever rings.
            flush = ValueTask.FromException<FlushResult>(e);
        }

        if (!flush.IsCompletedSuccessfully)
        {
            _begun = flush;
            return false;
        }

        _ = flush.GetAwaiter().GetResult();
        OnSent();

        // Nothing is left only where the number is known, too: the producer waits for it.
        return _cursor.Sequence == _session.Log.Published;
    }

    private ValueTask FlushAsync(PipeWriter output, ReadOnlyMemory<byte> last) => FlushedAsync(SendAsync(output, last));

    // Sends what has been written, and the piece behind it.
    private static ValueTask<FlushResult> SendAsync(PipeWriter output, ReadOnlyMemory<byte> last) =>
        // The connection's end completes a flush that waits, so no token is needed (a registration per event would cost more than the event).
        // One call that writes and flushes: room, advance and flush would each go through every layer of the server.
        last.IsEmpty ? output.FlushAsync(CancellationToken.None) : output.WriteAsync(last, CancellationToken.None);

    private async ValueTask FlushedAsync(ValueTask<FlushResult> flush)
    {
        if (flush.IsCompleted)
        {
            await flush;
        }
        else
        {
            // No timer for that: the one that there is looks at it.
            Volatile.Write(ref _blockedSince, _time.GetTimestamp());
            await flush;
            Volatile.Write(ref _blockedSince, 0);
        }

        Volatile.Write(ref _isUnderWay, true);
        OnSent();
    }

    private void OnSent()
    {
        Volatile.Write(ref _lastWrite, _time.GetTimestamp());
        _pingIsDue = false;
        OnFlushed();
    }

    private void OnFlushed()
    {
        Volatile.Write(ref _flushed, _cursor.Sequence);
        Volatile.Write(ref _flushedBytes, _cursor.Position);
        _session.OnFlushed();
    }

    private TimeSpan SilenceLeft() => _keepAlive - _time.GetElapsedTime(Volatile.Read(ref _lastWrite));

    private void OnTimer()
    {
        var left = SilenceLeft();
        if (left <= TimeSpan.Zero)
        {
            _pingIsDue = true;
            left = _keepAlive;
            Wake();
        }

        var blockedSince = Volatile.Read(ref _blockedSince);
        var patience = blockedSince == 0 ? _maxBlocked : _maxBlocked - _time.GetElapsedTime(blockedSince);
        if (patience <= TimeSpan.Zero)
        {
            LetGo();
            return;
        }

        _timer.Change(Shorter(left, patience), Timeout.InfiniteTimeSpan);
    }
}
