namespace Sluice.Streams;

/// <summary>How far a producer may go on: it may lead the fastest viewer by <see cref="StreamOptions.MaxLead"/> events, then it waits.</summary>
/// <param name="log">What the producer has said.</param>
/// <param name="viewers">Who watches.</param>
/// <param name="options">The bound.</param>
internal sealed class StreamRoom(StreamLog log, StreamViewers viewers, StreamOptions options)
{
    private readonly Signal _bell = new();
    private bool _producerWaits;

    /// <summary>Whether the producer has to wait. Who nobody watches leads nobody.</summary>
    public bool IsFull => log.Sequence - viewers.Fastest(otherwise: log.Sequence) >= options.MaxLead;

    /// <summary>Waits until a viewer has taken something, or something else has changed; not where there is room already. What was said must be published.</summary>
    /// <param name="cancellationToken">Looked at before the wait. Whoever cancels it calls <see cref="Open"/> too.</param>
    public async ValueTask WaitAsync(CancellationToken cancellationToken)
    {
        Volatile.Write(ref _producerWaits, true);
        Interlocked.MemoryBarrier();
        if (IsFull)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await _bell.WaitAsync();
        }

        Volatile.Write(ref _producerWaits, false);
    }

    /// <summary>A viewer has taken something.</summary>
    public void OnFlushed()
    {
        // The fence pairs with the one in WaitAsync: either the producer sees the new position, or this sees that it waits.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _producerWaits))
        {
            _bell.Set();
        }
    }

    /// <summary>Wakes the producer, so that it looks again.</summary>
    public void Open() => _bell.Set();
}
