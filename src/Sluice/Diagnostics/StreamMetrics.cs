using System.Diagnostics.Metrics;

namespace Sluice.Diagnostics;

/// <summary>Streams, what they say, and who watches.</summary>
internal sealed class StreamMetrics
{
    private readonly Meter _meter;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _ended;
    private readonly Counter<long> _stopped;
    private readonly Counter<long> _letGo;
    private readonly Counter<long> _resumed;

    public StreamMetrics(Meter meter)
    {
        _meter = meter;
        _active = meter.CreateUpDownCounter<long>("sluice.streams.active", "{stream}", "Generations that run");
        _ended = meter.CreateCounter<long>("sluice.streams.ended", "{stream}", "Generations that ended, by outcome");
        _stopped = meter.CreateCounter<long>("sluice.streams.stopped", "{stream}", "Generations that were stopped before their end, by cause");
        _letGo = meter.CreateCounter<long>("sluice.viewers.let_go", "{viewer}", "Viewers whose connection was closed since they were too slow");
        _resumed = meter.CreateCounter<long>("sluice.viewers.resumed", "{viewer}", "Viewers that joined with a cursor, behind the first event");
        meter.CreateObservableUpDownCounter("sluice.viewers.active", () => (long)Viewers.Active, "{viewer}", "Clients that watch a stream");
        meter.CreateObservableCounter("sluice.streams.events", () => Running.Read().Events, "{event}", "Events that streams have said: about one per token");
        meter.CreateObservableCounter("sluice.streams.written", () => Running.Read().Bytes, "By", "Bytes that streams have said, framed");
        meter.CreateObservableCounter("sluice.viewers.events", () => Viewers.Read().Events, "{event}", "Events that were sent to viewers");
        meter.CreateObservableCounter("sluice.viewers.sent", () => Viewers.Read().Bytes, "By", "Bytes of events that were sent to viewers");
    }

    /// <summary>Generations that run.</summary>
    public LiveTotals Running { get; } = new();

    /// <summary>Viewers that watch.</summary>
    public LiveTotals Viewers { get; } = new();

    /// <summary>How many answers in one piece are under way.</summary>
    public Func<long> ActiveCompletions { get; private set; } = static () => 0;

    /// <summary>Shows what is kept whenever somebody looks.</summary>
    /// <param name="completions">Answers in one piece that are under way.</param>
    /// <param name="kept">Streams that can be read.</param>
    /// <param name="bytes">What their logs and snapshots need.</param>
    public void Observe(Func<long> completions, Func<long> kept, Func<long> bytes)
    {
        ActiveCompletions = completions;
        _meter.CreateObservableUpDownCounter("sluice.streams.kept", kept, "{stream}", "Streams that can be read: those that run, and those that ended and have not expired");
        _meter.CreateObservableUpDownCounter("sluice.streams.memory", bytes, "By", "What the logs and snapshots of all streams need");
    }

    /// <summary>A generation has started.</summary>
    public void Started(ILiveCount stream)
    {
        _active.Add(1);
        Running.Add(stream);
    }

    /// <summary>A generation has ended.</summary>
    /// <param name="stream">Its counts.</param>
    /// <param name="outcome"><c>done</c>, <c>cancelled</c>, or an error code.</param>
    /// <param name="stopCause">Who stopped it, in a word; null where nobody did.</param>
    public void Ended(ILiveCount stream, string outcome, string? stopCause)
    {
        Running.Remove(stream);
        _active.Add(-1);
        _ended.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (stopCause is not null)
        {
            _stopped.Add(1, new KeyValuePair<string, object?>("sluice.stop.cause", stopCause));
        }
    }

    /// <summary>A viewer watches from now on.</summary>
    /// <param name="viewer">Its counts.</param>
    /// <param name="isResumed">Whether it has come back, with a cursor.</param>
    public void Joined(ILiveCount viewer, bool isResumed)
    {
        Viewers.Add(viewer);
        if (isResumed)
        {
            _resumed.Add(1);
        }
    }

    /// <summary>A viewer was too slow.</summary>
    public void LetGo() => _letGo.Add(1);
}
