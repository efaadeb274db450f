using System.Collections.Concurrent;

namespace Sluice.Server.Load;

/// <summary>What all streams of a run add up to. Safe for any thread.</summary>
internal sealed class LoadMeter
{
    private long _ok;
    private long _failed;
    private long _stopped;
    private long _tokens;
    private long _bytes;

    /// <summary>From the request to the first token.</summary>
    public LatencyHistogram FirstToken { get; } = new();

    /// <summary>Between two tokens of one stream.</summary>
    public LatencyHistogram Gap { get; } = new();

    /// <summary>From the upstream's writing a token to its arrival here; empty without latency stamps.</summary>
    public LatencyHistogram Delivery { get; } = new();

    /// <summary>Failed streams by kind.</summary>
    public ConcurrentDictionary<string, long> Errors { get; } = new(StringComparer.Ordinal);

    public long Ok => Volatile.Read(ref _ok);

    public long Failed => Volatile.Read(ref _failed);

    /// <summary>Streams given up because the run was stopped.</summary>
    public long Stopped => Volatile.Read(ref _stopped);

    public long Tokens => Volatile.Read(ref _tokens);

    /// <summary>Bytes of the bodies.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    public void Token() => Interlocked.Increment(ref _tokens);

    public void Read(long bytes) => Interlocked.Add(ref _bytes, bytes);

    public void Succeeded() => Interlocked.Increment(ref _ok);

    public void StoppedByUser() => Interlocked.Increment(ref _stopped);

    public void Fail(string kind)
    {
        Interlocked.Increment(ref _failed);
        Errors.AddOrUpdate(kind, 1, static (_, n) => n + 1);
    }
}
