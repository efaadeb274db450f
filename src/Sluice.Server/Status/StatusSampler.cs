using System.Diagnostics.CodeAnalysis;
using System.Diagnostics.Metrics;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Server.Status;

/// <summary>Takes one sample a second for everyone who looks, keeps those of five minutes, and rests while nobody does.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The source that ends a run is disposed by the run.")]
internal sealed class StatusSampler(SluiceMetrics metrics, ITargetStatusSource targets, IMeterFactory meters, TimeProvider time)
{
    /// <summary>How many samples who comes new is shown.</summary>
    public const int MaxKept = 300;

    /// <summary>How often one is taken.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _kept = new();
    private TaskCompletionSource _changed = New();
    private CancellationTokenSource? _run;
    private long _last;
    private int _watchers;

    /// <summary>Whether samples are being taken.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_lock)
            {
                return _run is not null;
            }
        }
    }

    /// <summary>Somebody looks, until the result is disposed.</summary>
    public IDisposable Watch()
    {
        lock (_lock)
        {
            if (++_watchers == 1)
            {
                _kept.Clear();
                _run = new CancellationTokenSource();
                _ = RunAsync(_run);
            }
        }

        return new Seat(this);
    }

    /// <summary>The samples behind one, as frames of an event stream, and what completes at the next.</summary>
    /// <param name="after">The number of the last sample that is known; 0 for none.</param>
    public (byte[][] Samples, long Last, Task Changed) Since(long after)
    {
        lock (_lock)
        {
            return ([.. _kept.Skip((int)Math.Max(0, _kept.Count - (_last - after)))], _last, _changed.Task);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Leave()
    {
        lock (_lock)
        {
            if (--_watchers == 0)
            {
                _run!.Cancel();
                _run = null;
            }
        }
    }

    private async Task RunAsync(CancellationTokenSource run)
    {
        using (run)
        using (var signs = new StatusSigns(meters))
        using (var timer = new PeriodicTimer(Interval, time))
        {
            try
            {
                var before = Read();
                while (await timer.WaitForNextTickAsync(run.Token))
                {
                    var now = Read();
                    Add(run, StatusSample.Frame(before, now, signs.Take(), targets.Targets));
                    before = now;
                }
            }
            catch (OperationCanceledException) when (run.IsCancellationRequested)
            {
                // The last one has left.
            }
        }
    }

    private void Add(CancellationTokenSource run, byte[] sample)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            // One who came back in the meantime has a run of its own.
            if (_run != run)
            {
                return;
            }

            _kept.Enqueue(sample);
            if (_kept.Count > MaxKept)
            {
                _kept.Dequeue();
            }

            _last++;
            (changed, _changed) = (_changed, New());
        }

        changed.SetResult();
    }

    private StatusReading Read()
    {
        var streams = metrics.Streams;
        return new StatusReading(
            time.GetUtcNow(), time.GetTimestamp(), time.TimestampFrequency, streams.Running.Active, streams.Viewers.Active, metrics.Attempts.Active, streams.Running.Read().Events, streams.Viewers.Read().Bytes);
    }

    private sealed class Seat(StatusSampler sampler) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                sampler.Leave();
            }
        }
    }
}
