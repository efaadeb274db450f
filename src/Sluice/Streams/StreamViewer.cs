using System.Buffers;
using System.IO.Pipelines;
using Sluice.Sse;

namespace Sluice.Streams;

/// <summary>One viewer of a stream: sends it the log as it grows, and a comment when there was silence for long.</summary>
/// <remarks>It sleeps on a bell that the producer, the keep-alive timer and the connection's end ring. Per event it costs one copy and one flush.</remarks>
internal sealed class StreamViewer : IDisposable
{
    // What goes out between two flushes. Kestrel buffers 64 KiB before a flush waits for the client.
    private const int MaxFlushBytes = 64 * 1024;

    private readonly StreamSession _session;
    private readonly StreamCursor _cursor;
    private readonly ReadOnlyMemory<byte> _prelude;
    private readonly Signal _bell = new();
    private readonly CancellationToken _gone;
    private readonly CancellationTokenRegistration _onGone;
    private readonly TimeProvider _time;
    private readonly TimeSpan _keepAlive;
    private readonly ITimer _keepAliveTimer;
    private long _lastWrite;
    private bool _pingIsDue;
    private long _flushed;

    public StreamViewer(StreamSession session, StreamCursor cursor, ReadOnlyMemory<byte> prelude, TimeProvider time, TimeSpan keepAlive, CancellationToken gone)
    {
        _session = session;
        _cursor = cursor;
        _flushed = cursor.Sequence;
        _prelude = prelude;
        _gone = gone;
        _time = time;
        _keepAlive = keepAlive;
        _lastWrite = time.GetTimestamp();
        _keepAliveTimer = time.CreateTimer(static viewer => ((StreamViewer)viewer!).OnKeepAlive(), this, keepAlive, Timeout.InfiniteTimeSpan);
        _onGone = gone.UnsafeRegister(static viewer => ((StreamViewer)viewer!).Wake(), this);
    }

    /// <summary>The number of the last event that has been handed to the viewer's connection.</summary>
    public long Flushed => Volatile.Read(ref _flushed);

    /// <summary>There may be something to do. The viewer goes on inside this call.</summary>
    public void Wake() => _bell.Set();

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

    /// <summary>Sends the log until its terminal event, or until the viewer leaves.</summary>
    /// <param name="output">The response body. Flushed, not completed.</param>
    public async Task RunAsync(PipeWriter output)
    {
        if (!_prelude.IsEmpty)
        {
            output.Write(_prelude.Span);
            await FlushAsync(output);
        }

        while (!_gone.IsCancellationRequested)
        {
            var isComplete = _session.Log.IsComplete;
            if (_cursor.TryCopyTo(output, MaxFlushBytes))
            {
                await FlushAsync(output);
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
            else if (_pingIsDue)
            {
                _pingIsDue = false;
                if (SilenceLeft() <= TimeSpan.Zero)
                {
                    output.Write(SseWriter.Ping);
                    await FlushAsync(output);
                }
            }
            else
            {
                await _bell.WaitAsync();
            }
        }
    }

    /// <summary>Leaves the stream.</summary>
    public void Dispose()
    {
        // Unregister, unlike Dispose, never waits for a callback that is running.
        _onGone.Unregister();
        _keepAliveTimer.Dispose();
        _session.Detach(this);
    }

    private async ValueTask FlushAsync(PipeWriter output)
    {
        // The connection's end completes a flush that waits, so no token is needed (a registration per event would cost more than the event).
        await output.FlushAsync(CancellationToken.None);
        Volatile.Write(ref _lastWrite, _time.GetTimestamp());
        _pingIsDue = false;
        OnFlushed();
    }

    private void OnFlushed()
    {
        Volatile.Write(ref _flushed, _cursor.Sequence);
        _session.OnFlushed();
    }

    private TimeSpan SilenceLeft() => _keepAlive - _time.GetElapsedTime(Volatile.Read(ref _lastWrite));

    private void OnKeepAlive()
    {
        var left = SilenceLeft();
        if (left <= TimeSpan.Zero)
        {
            _pingIsDue = true;
            left = _keepAlive;
            Wake();
        }

        _keepAliveTimer.Change(left, Timeout.InfiniteTimeSpan);
    }
}
