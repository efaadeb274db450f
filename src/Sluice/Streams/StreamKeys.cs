using System.Security.Cryptography;
using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>Generations by the key that their client gave them (<c>Idempotency-Key</c>), so that a question that is posted twice is asked once.</summary>
internal sealed class StreamKeys
{
    private readonly Dictionary<string, (IAskedOnce Generation, byte[] Question)> _generations = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How many keys name a generation.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _generations.Count;
            }
        }
    }

    /// <summary>The generation under a key, or a new one. One that came to nothing does not count: its key is free again.</summary>
    /// <param name="key">The key, with its scope.</param>
    /// <param name="body">What is asked.</param>
    /// <param name="open">Opens a new one. Nobody else sees it before that has returned.</param>
    /// <param name="isNew">Whether it is new.</param>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    public T GetOrOpen<T>(string key, ReadOnlySpan<byte> body, Func<T> open, out bool isNew)
        where T : class, IAskedOnce
    {
        var question = SHA256.HashData(body);
        lock (_lock)
        {
            isNew = !_generations.TryGetValue(key, out var known) || known.Generation.CameToNothing;
            if (isNew)
            {
                var generation = open();
                _generations[key] = (generation, question);
                return generation;
            }

            return Same<T>(known, question);
        }
    }

    /// <summary>The generation under a key.</summary>
    /// <param name="key">The key, with its scope.</param>
    /// <param name="body">What is asked.</param>
    /// <returns>Null where the key names none, or one that came to nothing.</returns>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    public T? Find<T>(string key, ReadOnlySpan<byte> body)
        where T : class, IAskedOnce
    {
        (IAskedOnce Generation, byte[] Question) known;
        lock (_lock)
        {
            if (!_generations.TryGetValue(key, out known))
            {
                return null;
            }
        }

        // Few bodies come twice: only theirs is hashed here.
        return known.Generation.CameToNothing ? null : Same<T>(known, SHA256.HashData(body));
    }

    /// <summary>Forgets a key, unless it names another generation by now.</summary>
    public void Remove(string key, IAskedOnce generation)
    {
        lock (_lock)
        {
            if (_generations.TryGetValue(key, out var known) && ReferenceEquals(known.Generation, generation))
            {
                _generations.Remove(key);
            }
        }
    }

    private static T Same<T>((IAskedOnce Generation, byte[] Question) known, byte[] question)
        where T : class, IAskedOnce =>
        known.Generation is T same && known.Question.AsSpan().SequenceEqual(question)
            ? same
            : throw new ChatRequestException("This Idempotency-Key was used with another body. Take a new key for a new question.")
            { Status = 409, Code = "idempotency_key_reused" };
}
