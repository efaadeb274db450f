using System.Security.Cryptography;
using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>Streams by the key that their client gave them (<c>Idempotency-Key</c>), so that a question that is posted twice is asked once.</summary>
internal sealed class StreamKeys
{
    private readonly Dictionary<string, (StreamSession Session, byte[] Question)> _streams = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How many keys name a stream.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>The stream under a key, or a new one.</summary>
    /// <param name="key">The key, with its scope.</param>
    /// <param name="body">What is asked.</param>
    /// <param name="open">Opens a new stream.</param>
    /// <param name="isNew">Whether it is new.</param>
    /// <exception cref="ChatRequestException">With 409: the key names another question.</exception>
    public StreamSession GetOrOpen(string key, ReadOnlySpan<byte> body, Func<StreamSession> open, out bool isNew)
    {
        var question = SHA256.HashData(body);
        lock (_lock)
        {
            isNew = !_streams.TryGetValue(key, out var known);
            if (isNew)
            {
                var session = open();
                session.OnExpired = () => Remove(key);
                _streams[key] = (session, question);
                return session;
            }

            return known.Question.AsSpan().SequenceEqual(question)
                ? known.Session
                : throw new ChatRequestException("This Idempotency-Key was used with another body. Take a new key for a new question.")
                { Status = 409, Code = "idempotency_key_reused" };
        }
    }

    private void Remove(string key)
    {
        lock (_lock)
        {
            _streams.Remove(key);
        }
    }
}
