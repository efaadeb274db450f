using System.Buffers;

namespace Sluice.Streams.Storage;

/// <summary>One stream of a <see cref="MemoryStreamStore"/>, used under its lock.</summary>
internal sealed class MemoryStreamRecord
{
    private readonly List<byte[]> _events = [];
    private Action? _onCancel;
    private long _epoch;
    private DateTimeOffset _leasedUntil = DateTimeOffset.MinValue;
    private bool _hasEnded;

    public HashSet<MemorySubscription> Subscriptions { get; } = [];

    public long Last => _events.Count;

    public bool IsCancelled { get; private set; }

    public DateTimeOffset ExpiresAt { get; private set; }

    public StreamLease? TryAcquire(string id, Action onCancel, DateTimeOffset now, TimeSpan leaseTime, TimeSpan orphanTime)
    {
        if (_hasEnded || _leasedUntil > now)
        {
            return null;
        }

        _epoch++;
        _onCancel = onCancel;
        Lease(now, leaseTime, orphanTime);
        return new StreamLease(id, _epoch, Last);
    }

    public bool TryRenew(StreamLease lease, DateTimeOffset now, TimeSpan leaseTime, TimeSpan orphanTime)
    {
        if (lease.Epoch != _epoch || _hasEnded)
        {
            return false;
        }

        Lease(now, leaseTime, orphanTime);
        return true;
    }

    public StreamAppend Append(StreamLease lease, long after, ReadOnlySpan<byte> frames)
    {
        if (lease.Epoch != _epoch)
        {
            return StreamAppend.Fenced;
        }

        var events = Split(frames);
        if (after < Last)
        {
            // Either the answer to an earlier try was lost, or this is not what stands there.
            var isThere = after >= 0 && after + events.Count <= Last;
            for (var i = 0; isThere && i < events.Count; i++)
            {
                isThere = events[i].AsSpan().SequenceEqual(_events[(int)after + i]);
            }

            return isThere ? StreamAppend.Ok : _hasEnded ? StreamAppend.Closed : StreamAppend.Gap;
        }

        if (_hasEnded || after > Last)
        {
            return _hasEnded ? StreamAppend.Closed : StreamAppend.Gap;
        }

        _events.AddRange(events);
        return StreamAppend.Ok;
    }

    public StreamAppend End(StreamLease lease, DateTimeOffset expiresAt)
    {
        if (lease.Epoch != _epoch)
        {
            return StreamAppend.Fenced;
        }

        // The time to live counts from the end, not from the last try to tell it.
        ExpiresAt = _hasEnded ? ExpiresAt : expiresAt;
        _hasEnded = true;
        _onCancel = null;
        return StreamAppend.Ok;
    }

    public StreamBatch Read(long after, int maxBytes)
    {
        var output = new ArrayBufferWriter<byte>();
        var last = after;
        while (last >= 0 && last < Last && (last == after || output.WrittenCount + _events[(int)last].Length <= maxBytes))
        {
            output.Write(_events[(int)last++]);
        }

        return new StreamBatch(output.WrittenMemory, last, _hasEnded && last >= Last);
    }

    public bool TryCancel(out Action? onCancel)
    {
        onCancel = IsCancelled ? null : _onCancel;
        IsCancelled = !_hasEnded;
        return true;
    }

    private static List<byte[]> Split(ReadOnlySpan<byte> frames)
    {
        var events = new List<byte[]>();
        while (!frames.IsEmpty)
        {
            var end = frames.IndexOf("\n\n"u8) + 2;
            events.Add(frames[..end].ToArray());
            frames = frames[end..];
        }

        return events;
    }

    private void Lease(DateTimeOffset now, TimeSpan leaseTime, TimeSpan orphanTime)
    {
        _leasedUntil = now + leaseTime;
        ExpiresAt = _leasedUntil + orphanTime;
    }
}
