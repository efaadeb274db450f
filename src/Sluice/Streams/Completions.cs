using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>Answers in one piece: those that are under way, and those that ended and may be asked for again by their key.</summary>
/// <param name="provider">Whom to ask.</param>
/// <param name="keys">The keys of all generations.</param>
/// <param name="kept">Lets what has ended expire.</param>
/// <param name="memory">Counts what is kept.</param>
/// <param name="logger">Hears of defects.</param>
internal sealed class Completions(IChatProvider provider, StreamKeys keys, KeptStreams kept, StreamMemory memory, ILogger logger)
{
    // What an answer that is kept needs beside its body: the key twice, the question's hash, and a few objects. Without it many small ones would be free.
    private const int BytesBesideBody = 1024;

    private readonly ConcurrentDictionary<Completion, Caller> _running = new();
    private int _active;

    /// <summary>How many are under way.</summary>
    public int Active => Volatile.Read(ref _active);

    /// <summary>Those that are under way.</summary>
    public ICollection<Completion> Running => _running.Keys;

    /// <summary>Asks, or joins what the key names, and waits for the body.</summary>
    /// <param name="key">The client's key, with whatever makes it the client's; null for none.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="onDisconnect">What becomes of it when the last client has left. Without a key nobody could come back for it, so it is cancelled.</param>
    /// <param name="begin">Gives what may be asked, and throws where nothing new may be.</param>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <exception cref="ChatProviderException">It failed. Its key is free again.</exception>
    public async Task<byte[]> AskAsync(string? key, ChatRequest request, DisconnectPolicy onDisconnect, Func<ChatRequest, ChatRequest> begin, CancellationToken gone)
    {
        while (true)
        {
            var isNew = true;
            var completion = key is null ? Open() : keys.GetOrOpen(key, request.Body.Span, Open, out isNew);
            if (isNew)
            {
                _ = RunAsync(completion, key, request.Caller);
                return await completion.WaitAsync(gone);
            }

            if (completion.TryJoin())
            {
                return await completion.WaitAsync(gone);
            }

            keys.Remove(key!, completion);
        }

        Completion Open()
        {
            return new Completion(begin(request), key is null ? DisconnectPolicy.Cancel : onDisconnect, logger);
        }
    }

    /// <summary>Ends what runs for callers that may no longer ask.</summary>
    /// <param name="why">Why a caller's answers end; null where they go on.</param>
    public void EndOf(Func<Caller, ChatProviderException?> why)
    {
        foreach (var (completion, caller) in _running)
        {
            if (why(caller) is { } reason)
            {
                completion.Stop(reason);
            }
        }
    }

    private async Task RunAsync(Completion completion, string? key, Caller caller)
    {
        Interlocked.Increment(ref _active);
        _running[completion] = caller;
        await completion.RunAsync(provider);
        _running.TryRemove(completion, out _);
        Interlocked.Decrement(ref _active);
        if (key is null)
        {
            return;
        }

        // Where everyone left in the moment in which it came, the key is free already: nobody could find it.
        if (completion.CameToNothing || completion.Body is not { Length: var length })
        {
            keys.Remove(key, completion);
            return;
        }

        var bytes = length + BytesBesideBody;
        memory.Add(bytes);
        kept.Ended(bytes, () =>
        {
            memory.Add(-bytes);
            keys.Remove(key, completion);
        });
    }
}
