using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Streams.Dialects;

namespace Sluice.Streams;

/// <summary>One generation: runs the upstream call once, keeps what it says in a log, and ends in exactly one way.</summary>
/// <remarks>
/// <code>
/// provider =chunk=> dialect =event=> log =Publish=> bells of the viewers
///    ^                                                      |
///    +=========== waits while it leads by MaxLead ==========+
/// </code>
/// Thread rules: one task produces; viewers come and go from any thread.
/// </remarks>
[SuppressMessage("Reliability", "CA1001", Justification = "The cancellation source lives as long as someone holds the stream; see Release.")]
internal sealed class StreamSession : IAskedOnce
{
    /// <summary>How long a provider may take to let go of its connection when the answer is whole.</summary>
    public static readonly TimeSpan MaxLetGo = TimeSpan.FromSeconds(2);

    private readonly IChatProvider _provider;
    private readonly DisconnectPolicy _onDisconnect;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly SluiceMetrics _metrics;
    private readonly ILogger _logger;
    private readonly StopSignal _stop;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StreamViewers _viewers;
    private readonly StreamRoom _room;
    private readonly StreamCompaction _compaction;
    private readonly HoldCount _holders;
    private readonly long _started;
    private StreamStatus? _status;
    private bool _isCommitted;
    private int _state;

    public StreamSession(
        StreamId id, IChatProvider provider, ChatRequest request, StreamDialect dialect, DisconnectPolicy onDisconnect, StreamOptions options, StreamMemory memory, TimeProvider time, SluiceMetrics metrics, ILogger logger)
    {
        Id = id;
        _onDisconnect = onDisconnect;
        _provider = provider;
        Request = request.ShownBy(new ShownStream(this)).From(request.Origin with { StreamId = id.Value });
        Dialect = dialect;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _stop = new StopSignal(id, logger);
        _viewers = new StreamViewers(time, () => StopIfUnwatched("unwatched"));
        _holders = new HoldCount(() =>
        {
            _compaction!.Dispose();
            Log!.Release();
            _stop.Dispose();
        });
        _started = time.GetTimestamp();
        Memory = new StreamMemory(memory);
        Log = new StreamLog(Id, Memory);
        _room = new StreamRoom(Log, _viewers, options);
        _compaction = new StreamCompaction(this, _viewers, options, Memory);
    }

    /// <summary>The stream's name.</summary>
    public StreamId Id { get; }

    /// <summary>What has been said.</summary>
    public StreamLog Log { get; }

    /// <summary>What it needs for that.</summary>
    public StreamMemory Memory { get; }

    /// <summary>How far the stream is.</summary>
    public StreamState State => (StreamState)Volatile.Read(ref _state);

    /// <summary>Whether the answer is under way: something has been shown, so that a failure can no longer be an HTTP status.</summary>
    public bool IsCommitted => Volatile.Read(ref _isCommitted);

    /// <summary>What is being done to get an answer; null while one is coming. Not part of the log: a viewer that misses it misses nothing.</summary>
    public StreamStatus? Status => Volatile.Read(ref _status);

    /// <summary>Why the stream failed; null in every other state.</summary>
    public ChatProviderException? Error { get; private set; }

    /// <summary>Who stopped it before its end, in a word; null where nobody did.</summary>
    public string? StopCause => _stop.Cause;

    /// <summary>Completes when the producer has let go of everything; never fails.</summary>
    public Task Completion => _ended.Task;

    /// <summary>Whether a failed stream has to be closed so that every client notices (see <see cref="StreamDialect.FailsUnclean"/>).</summary>
    public bool EndsUnclean => State != StreamState.Done && Dialect.FailsUnclean;

    /// <inheritdoc/>
    public bool CameToNothing => !IsCommitted && (State is StreamState.Failed or StreamState.Cancelled || _viewers.IsAbandoned);

    /// <summary>What is asked.</summary>
    public ChatRequest Request { get; }

    /// <summary>How the stream speaks.</summary>
    public StreamDialect Dialect { get; }

    /// <summary>The model's name as asked for.</summary>
    public string Model => Dialect.Model;

    /// <summary>Joins the stream.</summary>
    /// <param name="gone">Cancelled when the viewer's connection ends.</param>
    /// <param name="after">The number of the last event that the viewer has; 0 for none.</param>
    /// <returns>The viewer; null where the stream has been let go of, or what the viewer has not seen can no longer be told.</returns>
    public StreamViewer? TryAttach(CancellationToken gone, long after = 0)
    {
        if (!TryHold())
        {
            return null;
        }

        StreamViewer? viewer = null;
        try
        {
            if (StreamEntry.Find(this, after, _options) is ({ } cursor, var prelude))
            {
                _viewers.Add(viewer = new StreamViewer(this, cursor, prelude, _time, _options, _metrics.Streams, gone));
            }

            return viewer;
        }
        finally
        {
            if (viewer is null)
            {
                Release();
            }
        }
    }

    /// <summary>Joins a stream that the caller holds.</summary>
    /// <param name="gone">Cancelled when the viewer's connection ends.</param>
    public StreamViewer Attach(CancellationToken gone) => TryAttach(gone)
        ?? throw new InvalidOperationException("The stream has been let go of: whoever attaches must hold it.");

    /// <summary>A viewer no longer watches. With the last one the generation stops, or goes on for a while: as the stream was asked to. Once more does nothing.</summary>
    /// <returns>Whether it watched until now.</returns>
    public bool Detach(StreamViewer viewer)
    {
        if (!_viewers.Remove(viewer, _onDisconnect == DisconnectPolicy.Detach ? _options.Unwatched : null))
        {
            return false;
        }

        if (_onDisconnect == DisconnectPolicy.Cancel)
        {
            StopIfUnwatched("client_left");
        }
        else
        {
            // The producer may have waited for the one who left.
            _room.Open();
        }

        return true;
    }

    /// <summary>A viewer is too slow to be waited for.</summary>
    public void LetGo(StreamViewer viewer)
    {
        if (Detach(viewer))
        {
            _metrics.Streams.LetGo();
            StreamMessages.ViewerLetGo(_logger, Id.Value, Log.Published - viewer.Flushed);
        }
    }

    /// <summary>What the stream has come to, read from its log.</summary>
    /// <returns>Null where the stream has been let go of.</returns>
    public StreamSnapshot? TrySnapshot()
    {
        if (!TryHold())
        {
            return null;
        }

        try
        {
            var snapshot = _compaction.Snapshot;
            snapshot.CatchUp();
            return snapshot;
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Stops the generation, in whatever state it is. Does nothing after its end. Never throws.</summary>
    /// <param name="reason">The failure to report, or null for a plain cancellation.</param>
    public void Cancel(ChatProviderException? reason = null) => Stop(reason, reason?.Label ?? "requested");

    private void Stop(ChatProviderException? reason, string cause)
    {
        if (State == StreamState.Running)
        {
            _stop.Because(reason, cause);
            StopProvider();
        }
    }

    /// <summary>What else has to be forgotten when the stream expires.</summary>
    public Action? OnExpired { get; set; }

    /// <summary>The stream can no longer be found.</summary>
    public void Expire() => OnExpired?.Invoke();

    /// <summary>A viewer has taken something: the producer may go on.</summary>
    public void OnFlushed() => _room.OnFlushed();

    /// <summary>Runs the generation to its end. Called once.</summary>
    public async Task RunAsync()
    {
        try
        {
            if (Request.Turn is { } turn)
            {
                // Before anything is shown: whoever has heard of the answer finds its question stored. And once: who posts it again joins from here on.
                Volatile.Write(ref _isCommitted, true);
                await turn.BeginAsync(new KeptAnswer(this));
            }

            if (Dialect.Begin(Log, Request))
            {
                Publish();
            }

            await ProduceAsync();
            if (State == StreamState.Running)
            {
                throw ChatProviderException.Truncated();
            }
        }
        catch (OperationCanceledException) when (_stop.IsSet)
        {
            End(_stop.Reason is null ? StreamState.Cancelled : StreamState.Failed, _stop.Reason);
        }
        catch (ChatProviderException e)
        {
            End(StreamState.Failed, e);
        }
        catch (Exception e)
        {
            End(StreamState.Failed, ChatProviderException.Defect(e));
            throw;
        }
        finally
        {
            Release();
            _ended.SetResult();
        }
    }

    private async Task ProduceAsync()
    {
        var chunks = _provider.StreamAsync(Request, _stop.Token).GetAsyncEnumerator(_stop.Token);
        await using var production = new StreamProduction(this, chunks, _room, _stop.Token);
        while (State == StreamState.Running)
        {
            while (_room.IsFull)
            {
                Publish();
                await _room.WaitAsync(_stop.Token);
            }

            _stop.Token.ThrowIfCancellationRequested();
            if (!await production.MoveNextAsync())
            {
                return;
            }
        }

        await LetGoAsync(chunks);
    }

    // The answer is whole, and what still comes says nothing. But a connection that is read to its end can be used again: the provider gets a moment for that.
    private async ValueTask LetGoAsync(IAsyncEnumerator<ChatChunk> chunks)
    {
        using var limit = _time.CreateTimer(static session => ((StreamSession)session!).StopProvider(), this, MaxLetGo, Timeout.InfiniteTimeSpan);
        while (await chunks.MoveNextAsync())
        {
            _stop.Token.ThrowIfCancellationRequested();
        }
    }

    private void StopIfUnwatched(string cause)
    {
        if (_viewers.IsAbandoned)
        {
            Stop(reason: null, cause);
        }
    }

    private void StopProvider()
    {
        if (!TryHold())
        {
            return;
        }

        _stop.Set();
        _room.Open();
        Release();
    }

    /// <summary>A chunk has come. The producer's.</summary>
    public void Take(ChatChunk chunk)
    {
        if (chunk.Json.IsEmpty && chunk.Kind != ChatChunkKind.Reset)
        {
            if (chunk.Kind == ChatChunkKind.Done)
            {
                End(StreamState.Done, error: null);
            }
            else if (chunk.IsStatus)
            {
                Volatile.Write(ref _status, Dialect.Status(chunk.Kind) ?? _status);
                _viewers.Wake();
            }

            return;
        }

        if (chunk.IsToken && Dialect.TimeToFirstToken is null)
        {
            Dialect.TimeToFirstToken = _time.GetElapsedTime(_started);
        }

        Dialect.Add(Log, chunk);
    }

    /// <summary>Shows viewers what has been said. The producer's.</summary>
    public void Publish()
    {
        if (Log.Sequence == Log.Published)
        {
            return;
        }

        // The status goes first: whoever sees what is new no longer sees what was done to get it.
        Volatile.Write(ref _status, null);
        Volatile.Write(ref _isCommitted, true);
        Log.Publish();
        _viewers.Wake();
        if (!_compaction.KeepWithinCaps())
        {
            Cancel(new ChatProviderException(ChatErrorKind.AnswerTooLarge, "The answer is longer than may be kept of one (Streams:MaxLogBytes)."));
        }
    }

    private void End(StreamState state, ChatProviderException? error)
    {
        if (State != StreamState.Running)
        {
            return;
        }

        Volatile.Write(ref _status, null);
        Volatile.Write(ref _isCommitted, Log.Sequence > 0);
        Dialect.EndAs(state, Log, error);
        Error = error;
        Request.Grant?.Dispose();
        Volatile.Write(ref _state, (int)state);
        _viewers.Close();
        Log.Complete();
        _viewers.Wake();
        _compaction.KeepWithinCaps();
        Request.Turn?.End();
    }

    /// <summary>Takes hold of the stream, unless everyone has let go of it.</summary>
    public bool TryHold() => _holders.TryHold();

    /// <summary>Lets go of the stream. The producer, each viewer and the hub (until it expires) hold it; the last to let go gives its memory back.</summary>
    public void Release() => _holders.Release();
}
