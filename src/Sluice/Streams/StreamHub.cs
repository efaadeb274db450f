using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Streams.Dialects;

namespace Sluice.Streams;

/// <summary>Starts generations, knows those that run, and keeps those that ended for who comes back.</summary>
internal sealed class StreamHub : IDisposable
{
    // How long streams may take to say their last word when the grace is over.
    private static readonly TimeSpan MaxLastWord = TimeSpan.FromSeconds(5);

    private readonly StreamMemory _memory = new();
    private readonly KeptStreams _kept;
    private readonly StreamKeys _keys = new();
    private readonly Completions _completions;
    private readonly IChatProvider _provider;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly SluiceMetrics _metrics;
    private readonly ILogger<StreamHub> _logger;
    private readonly IAdmission? _admission;
    private int _active;
    private volatile bool _isDraining;

    public StreamHub(IChatProvider provider, StreamOptions options, TimeProvider time, SluiceMetrics metrics, ILogger<StreamHub> logger, IAdmission? admission = null)
    {
        _provider = provider;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _admission = admission;
        _kept = new KeptStreams(options, _memory, time);
        _completions = new Completions(provider, _keys, _kept, _memory, logger);
        metrics.Streams.Observe(() => _completions.Active, () => Kept, () => Bytes);
    }

    /// <summary>How many generations run.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>How many streams can be read: those that run, and those that ended and have not expired.</summary>
    public int Kept => _kept.Count;

    /// <summary>How many of them have ended.</summary>
    public int Ended => _kept.EndedCount;

    /// <summary>How many bytes the logs and snapshots of all of them hold.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>How many keys name a stream.</summary>
    public int Keys => _keys.Count;

    /// <summary>Whether the process is about to stop and takes no new work.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Why no new stream can be started now; null where one can.</summary>
    public ChatProviderException? Refusal => _isDraining ? Stopping()
        : Active + _completions.Active >= _options.MaxStreams ? new(ChatErrorKind.Overloaded, "As many answers as the server can carry are under way; ask again in a moment.")
        : _memory.Bytes > _options.MaxTotalBytes ? new(ChatErrorKind.Overloaded, "The answers under way need all the memory that there is for them; ask again in a moment.")
        : null;

    /// <summary>A stream in Sluice's own events, not yet started.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="model">The model's name as the viewer shall see it.</param>
    /// <param name="onDisconnect">What becomes of it when its last viewer has left.</param>
    /// <exception cref="ChatProviderException">The caller has asked as much as he may.</exception>
    public StreamSession OpenNative(ChatRequest request, string model, DisconnectPolicy onDisconnect)
    {
        var id = StreamId.New();
        return new StreamSession(id, _provider, Admit(request), new NativeDialect(id, model), onDisconnect, _options, _memory, _time, _metrics, _logger);
    }

    /// <summary>A stream in OpenAI's dialect, not yet started.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="model">The model's name as asked for.</param>
    /// <param name="onDisconnect">What becomes of it when its last viewer has left.</param>
    /// <exception cref="ChatProviderException">The caller has asked as much as he may.</exception>
    public StreamSession OpenOpenAi(ChatRequest request, string model, DisconnectPolicy onDisconnect)
    {
        var id = StreamId.New();
        return new StreamSession(id, _provider, Admit(request), new OpenAiDialect(id, model, request.IncludeUsage), onDisconnect, _options, _memory, _time, _metrics, _logger);
    }

    /// <summary>A stream that runs, or ended a while ago.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="caller">Who looks for it.</param>
    /// <returns>Null where there is none of that name, or no more, or it is someone else's: to whoever looks it is all the same.</returns>
    public StreamSession? Find(string id, Caller caller) => _kept.Find(id) is { } session && session.Request.Caller.Id == caller.Id ? session : null;

    /// <summary>Joins the stream that a client's own key names, or asks: opens a stream, joins it and starts it.</summary>
    /// <param name="key">The client's key, with whatever makes it the client's; null for none.</param>
    /// <param name="body">What is asked: the same key with another question is refused.</param>
    /// <param name="open">Opens a new stream.</param>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <param name="viewer">The client as a viewer, the caller's to dispose; null where what it has not seen can no longer be told.</param>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    /// <exception cref="ChatProviderException">Nothing new may be asked now (see <see cref="Refusal"/>).</exception>
    public StreamSession Join(string? key, ReadOnlySpan<byte> body, Func<StreamSession> open, CancellationToken gone, out StreamViewer? viewer)
    {
        while (true)
        {
            StreamViewer? first = null;
            var isNew = true;
            var session = key is null ? Begin() : _keys.GetOrOpen(key, body, Begin, out isNew);
            if (isNew)
            {
                session.OnExpired = key is null ? null : () => _keys.Remove(key, session);
                Start(session);
                viewer = first;
                return session;
            }

            if (TryAttach(key!, session, gone, out viewer))
            {
                return session;
            }

            // Nobody who joins by the key can leave before the one who asked is there.
            StreamSession Begin()
            {
                Refuse();
                var opened = open();
                first = opened.Attach(gone);
                return opened;
            }
        }
    }

    /// <summary>Joins the stream that a client's own key names, where there is one.</summary>
    /// <param name="key">The client's key, with whatever makes it the client's; null for none.</param>
    /// <param name="body">What is asked: the same key with another question is refused.</param>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <param name="viewer">The client as a viewer, the caller's to dispose; null where what it has not seen can no longer be told.</param>
    /// <returns>Null where the question is yet to be asked.</returns>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    public StreamSession? TryJoin(string? key, ReadOnlySpan<byte> body, CancellationToken gone, out StreamViewer? viewer)
    {
        viewer = null;
        return key is not null && _keys.Find<StreamSession>(key, body) is { } session && TryAttach(key, session, gone, out viewer) ? session : null;
    }

    /// <summary>Starts a stream. Attach its first viewer before: a stream that nobody watches has nobody to wait for.</summary>
    public void Start(StreamSession session)
    {
        Interlocked.Increment(ref _active);
        _kept.Add(session);
        _ = RunAsync(session);
    }

    /// <summary>Asks for an answer that is not streamed, or joins the one that the client's key names.</summary>
    /// <param name="key">The client's key, with whatever makes it the client's; null for none.</param>
    /// <param name="request">What is asked, with <see cref="ChatRequest.Stream"/> false.</param>
    /// <param name="onDisconnect">What becomes of it when the last client that waits has left.</param>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <returns>The upstream's body. Not to be written to: others may have the same one.</returns>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    /// <exception cref="ChatProviderException">The upstream failed, or nothing new may be asked now.</exception>
    public Task<byte[]> CompleteAsync(string? key, ChatRequest request, DisconnectPolicy onDisconnect, CancellationToken gone) =>
        _completions.AskAsync(key, request, onDisconnect, Begin, gone);

    /// <summary>Takes no new work, lets what runs finish, and ends what is left after the grace with a truthful error.</summary>
    /// <param name="grace">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting early.</param>
    public async Task DrainAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        _isDraining = true;
        try
        {
            await AllEndedAsync().WaitAsync(grace, _time, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            StreamMessages.GraceOver(_logger, Active + _completions.Active, grace.TotalSeconds);
            foreach (var session in _kept.Running)
            {
                session.Cancel(Stopping());
            }

            foreach (var completion in _completions.Running)
            {
                completion.Stop(Stopping());
            }

            await LastWordsAsync();
        }
    }

    /// <summary>Ends what runs for callers that may no longer ask, with a truthful error.</summary>
    /// <param name="why">Why a caller's answers end; null where they go on. Called once per answer that runs.</param>
    public void EndOf(Func<Caller, ChatProviderException?> why)
    {
        foreach (var session in _kept.Running)
        {
            if (why(session.Request.Caller) is { } reason)
            {
                session.Cancel(reason);
            }
        }

        _completions.EndOf(why);
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    private static ChatProviderException Stopping() => new(ChatErrorKind.Stopping, "The server is stopping; ask again in a moment.");

    private ChatRequest Admit(ChatRequest request) => _admission?.Admit(request) ?? request;

    private ChatRequest Begin(ChatRequest request)
    {
        Refuse();
        return Admit(request);
    }

    private static string Outcome(StreamSession session) => session.State switch
    {
        StreamState.Done => "done",
        StreamState.Cancelled => "cancelled",
        _ => session.Error?.Label ?? "failed",
    };

    // Who joins after the last viewer left is not waited for: then this one is stopped, or has expired, and the question is asked anew.
    private bool TryAttach(string key, StreamSession session, CancellationToken gone, out StreamViewer? viewer)
    {
        viewer = session.TryAttach(gone);
        if (!session.CameToNothing && (viewer is not null || _kept.Find(session.Id.Value) is not null))
        {
            return true;
        }

        viewer?.Dispose();
        viewer = null;
        _keys.Remove(key, session);
        return false;
    }

    private void Refuse()
    {
        if (Refusal is { } refusal)
        {
            throw refusal;
        }
    }

    // A provider that does not listen to its token must not keep the process from stopping.
    private async Task LastWordsAsync()
    {
        try
        {
            await AllEndedAsync().WaitAsync(MaxLastWord, _time);
        }
        catch (TimeoutException)
        {
            StreamMessages.LeftRunning(_logger, Active + _completions.Active);
        }
    }

    // What was let in just before the doors closed may start after the first look.
    private async Task AllEndedAsync()
    {
        while (_kept.Running.Select(session => session.Completion).Concat(_completions.Running.Select(completion => completion.Ended)).Where(ended => !ended.IsCompleted).ToList() is { Count: > 0 } running)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task RunAsync(StreamSession session)
    {
        _metrics.Streams.Started(session.Log);
        try
        {
            await session.RunAsync();
        }
        catch (Exception e)
        {
            // The viewers have their truthful ending; the defect belongs in the log.
            StreamMessages.ProviderDefect(_logger, e, session.Id.Value);
        }
        finally
        {
            session.Request.Grant?.Dispose();
            Interlocked.Decrement(ref _active);
            _kept.Ended(session);
            _metrics.Streams.Ended(session.Log, Outcome(session), session.State == StreamState.Done ? null : session.StopCause);
        }
    }
}
