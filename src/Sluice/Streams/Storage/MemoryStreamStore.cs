namespace Sluice.Streams.Storage;

/// <summary>A store in one process: what the contract means, without a network.</summary>
/// <param name="time">The clock.</param>
/// <param name="leaseTime">How long a lease holds that is not renewed.</param>
/// <param name="orphanTime">How long a stream is kept that has no owner and no end.</param>
internal sealed class MemoryStreamStore(TimeProvider time, TimeSpan leaseTime, TimeSpan orphanTime) : IStreamStore
{
    private readonly Dictionary<string, MemoryStreamRecord> _streams = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <summary>How many streams are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                Expire();
                return _streams.Count;
            }
        }
    }

    public ValueTask<StreamLease?> TryAcquireAsync(string id, Action onCancel, CancellationToken cancellationToken)
    {
        StreamLease? lease;
        bool isCancelled;
        lock (_lock)
        {
            Expire();
            if (!_streams.TryGetValue(id, out var stream))
            {
                _streams[id] = stream = new MemoryStreamRecord();
            }

            lease = stream.TryAcquire(id, onCancel, Now, leaseTime, orphanTime);
            isCancelled = lease is not null && stream.IsCancelled;
        }

        if (isCancelled)
        {
            onCancel();
        }

        return new(lease);
    }

    public ValueTask<bool> TryRenewAsync(StreamLease lease, CancellationToken cancellationToken) =>
        new(With(lease.Id, stream => stream.TryRenew(lease, Now, leaseTime, orphanTime), otherwise: false));

    public ValueTask ReleaseAsync(StreamLease lease, CancellationToken cancellationToken)
    {
        With(lease.Id, stream => stream.TryRenew(lease, Now, TimeSpan.Zero, orphanTime), otherwise: false);
        return default;
    }

    public ValueTask<StreamAppend> AppendAsync(StreamLease lease, long after, ReadOnlyMemory<byte> frames, CancellationToken cancellationToken) =>
        new(Change(lease, stream => stream.Append(lease, after, frames.Span)));

    public ValueTask<StreamAppend> EndAsync(StreamLease lease, TimeSpan timeToLive, CancellationToken cancellationToken) =>
        new(Change(lease, stream => stream.End(lease, Now + timeToLive)));

    public ValueTask<StreamBatch?> ReadAsync(string id, long after, int maxBytes, CancellationToken cancellationToken) =>
        new(With<StreamBatch?>(id, stream => stream.Read(after, maxBytes), otherwise: null));

    public IDisposable Subscribe(string id, Action<long> onNews)
    {
        var subscription = new MemorySubscription(onNews);
        With(id, stream => stream.Subscriptions.Add(subscription), otherwise: false);
        return subscription;
    }

    public ValueTask<bool> CancelAsync(string id, CancellationToken cancellationToken)
    {
        Action? onCancel = null;
        var isKnown = With(id, stream => stream.TryCancel(out onCancel), otherwise: false);
        onCancel?.Invoke();
        return new(isKnown);
    }

    private DateTimeOffset Now => time.GetUtcNow();

    private StreamAppend Change(StreamLease lease, Func<MemoryStreamRecord, StreamAppend> change)
    {
        MemorySubscription[] subscriptions = [];
        var last = 0L;
        var result = With(lease.Id, stream =>
        {
            var result = change(stream);
            stream.Subscriptions.RemoveWhere(subscription => subscription.IsDisposed);
            (subscriptions, last) = ([.. stream.Subscriptions], stream.Last);
            return result;
        }, otherwise: StreamAppend.Missing);
        if (result == StreamAppend.Ok)
        {
            foreach (var subscription in subscriptions)
            {
                subscription.Tell(last);
            }
        }

        return result;
    }

    private T With<T>(string id, Func<MemoryStreamRecord, T> act, T otherwise)
    {
        lock (_lock)
        {
            Expire();
            return _streams.TryGetValue(id, out var stream) ? act(stream) : otherwise;
        }
    }

    private void Expire()
    {
        var now = Now;
        foreach (var (id, stream) in _streams)
        {
            if (stream.ExpiresAt <= now)
            {
                _streams.Remove(id);
            }
        }
    }
}
