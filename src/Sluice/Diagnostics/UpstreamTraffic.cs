namespace Sluice.Diagnostics;

/// <summary>Connections and bytes between Sluice and one upstream. Nothing here is touched per token. Safe for many threads.</summary>
/// <param name="onFailure">Hears how a connection did not come about, in a word.</param>
internal sealed class UpstreamTraffic(Action<string>? onFailure = null)
{
    private long _opened;
    private long _closed;
    private long _received;
    private long _sent;

    /// <value>Connections that were made.</value>
    public long Opened => Interlocked.Read(ref _opened);

    /// <value>Connections that stand.</value>
    public long Active => Interlocked.Read(ref _opened) - Interlocked.Read(ref _closed);

    /// <value>Bytes that came.</value>
    public long Received => Interlocked.Read(ref _received);

    /// <value>Bytes of bodies that were sent.</value>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>A connection was made.</summary>
    public void Open() => Interlocked.Increment(ref _opened);

    /// <summary>A connection was closed.</summary>
    public void Close() => Interlocked.Increment(ref _closed);

    /// <summary>A connection did not come about.</summary>
    /// <param name="kind">Why, in a word.</param>
    public void Fail(string kind) => onFailure?.Invoke(kind);

    /// <summary>Bytes have come: told when an answer has ended.</summary>
    public void Receive(long bytes) => Interlocked.Add(ref _received, bytes);

    /// <summary>A body was sent.</summary>
    public void Send(long bytes) => Interlocked.Add(ref _sent, bytes);
}
