using System.Collections.Concurrent;
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

    private readonly ConcurrentDictionary<StreamSession, StreamId> _running = new();
    private readonly StreamMemory _memory = new();
    private readonly KeptStreams _kept;
    private readonly StreamKeys _keys = new();
    private readonly IChatProvider _provider;
    private readonly StreamOptions _options;
    private readonly TimeProvider _time;
    private readonly SluiceMetrics _metrics;
    private readonly ILogger<StreamHub> _logger;
    private int _active;
    private volatile bool _isDraining;

    public StreamHub(IChatProvider provider, StreamOptions options, TimeProvider time, SluiceMetrics metrics, ILogger<StreamHub> logger)
    {
        _provider = provider;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _kept = new KeptStreams(options, _memory, time);
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
    public ChatProviderException? Refusal => _isDraining ? new(ChatErrorKind.Stopping, "The server is stopping; ask again in a moment.")
        : Active >= _options.MaxStreams ? new(ChatErrorKind.Overloaded, "As many answers as the server can carry are under way; ask again in a moment.")
        : _memory.Bytes > _options.MaxTotalBytes ? new(ChatErrorKind.Overloaded, "The answers under way need all the memory that there is for them; ask again in a moment.")
        : null;

    /// <summary>A stream in Sluice's own events, not yet started.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="model">The model's name as the viewer shall see it.</param>
    /// <param name="onDisconnect">What becomes of it when its last viewer has left.</param>
    public StreamSession OpenNative(ChatRequest request, string model, DisconnectPolicy onDisconnect)
    {
        var id = StreamId.New();
        return new StreamSession(id, _provider, request, new NativeDialect(id, model), onDisconnect, _options, _memory, _time, _logger);
    }

    /// <summary>A stream in OpenAI's dialect, not yet started.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="model">The model's name as asked for.</param>
    /// <param name="onDisconnect">What becomes of it when its last viewer has left.</param>
    public StreamSession OpenOpenAi(ChatRequest request, string model, DisconnectPolicy onDisconnect)
    {
        var id = StreamId.New();
        return new StreamSession(id, _provider, request, new OpenAiDialect(id, model, request.IncludeUsage), onDisconnect, _options, _memory, _time, _logger);
    }

    /// <summary>A stream that runs, or ended a while ago.</summary>
    /// <param name="id">Its name.</param>
    /// <returns>Null where there is none of that name, or no more.</returns>
    public StreamSession? Find(string id) => _kept.Find(id);

    /// <summary>The stream that a client's own key names, or a new one under that key.</summary>
    /// <param name="key">The client's key, with whatever makes it the client's.</param>
    /// <param name="body">What is asked: the same key with another question is refused.</param>
    /// <param name="open">Opens a new stream.</param>
    /// <param name="isNew">Whether it is new, and to be started by the caller.</param>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    public StreamSession GetOrOpen(string key, ReadOnlySpan<byte> body, Func<StreamSession> open, out bool isNew) => _keys.GetOrOpen(key, body, open, out isNew);

    /// <summary>Starts a stream. Attach its first viewer before: a stream that nobody watches has nobody to wait for.</summary>
    public void Start(StreamSession session)
    {
        Interlocked.Increment(ref _active);
        _running[session] = session.Id;
        _kept.Add(session);
        _ = RunAsync(session);
    }

    /// <summary>Asks for an answer that is not streamed.</summary>
    /// <param name="request">What is asked, with <see cref="ChatRequest.Stream"/> false.</param>
    /// <param name="cancellationToken">Ends the upstream call.</param>
    /// <returns>The upstream's body. The caller's to keep.</returns>
    /// <exception cref="ChatProviderException">The upstream failed.</exception>
    public async Task<byte[]> CompleteAsync(ChatRequest request, CancellationToken cancellationToken)
    {
        try
        {
            byte[]? body = null;
            var isDone = false;
            await foreach (var chunk in _provider.StreamAsync(request, cancellationToken))
            {
                body = chunk.Kind == ChatChunkKind.Completion ? chunk.Json.ToArray() : body;
                isDone |= chunk.Kind == ChatChunkKind.Done;
            }

            return isDone && body is not null
                ? body
                : throw new ChatProviderException(ChatErrorKind.Truncated, "The provider ended without a whole answer.");
        }
        catch (Exception e) when (e is not ChatProviderException && !cancellationToken.IsCancellationRequested)
        {
            StreamMessages.CompletionDefect(_logger, e);
            throw StreamSession.Defect(e);
        }
    }

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
            StreamMessages.GraceOver(_logger, Active, grace.TotalSeconds);
            foreach (var session in _running.Keys)
            {
                session.Cancel(new ChatProviderException(ChatErrorKind.Stopping, "The server is stopping; ask again in a moment."));
            }

            await LastWordsAsync();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Dispose();

    // A provider that does not listen to its token must not keep the process from stopping.
    private async Task LastWordsAsync()
    {
        try
        {
            await AllEndedAsync().WaitAsync(MaxLastWord, _time);
        }
        catch (TimeoutException)
        {
            StreamMessages.LeftRunning(_logger, Active);
        }
    }

    // What was let in just before the doors closed may start after the first look.
    private async Task AllEndedAsync()
    {
        while (_running.Keys.Select(session => session.Completion).Where(ended => !ended.IsCompleted).ToList() is { Count: > 0 } running)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task RunAsync(StreamSession session)
    {
        _metrics.StreamStarted();
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
            Interlocked.Decrement(ref _active);
            _running.TryRemove(session, out _);
            _kept.Ended(session);
            _metrics.StreamEnded(session.State switch
            {
                StreamState.Done => "done",
                StreamState.Cancelled => "cancelled",
                _ => session.Error?.Code ?? "failed",
            });
        }
    }
}
