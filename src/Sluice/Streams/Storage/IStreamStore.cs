namespace Sluice.Streams.Storage;

/// <summary>Streams that outlive the node that makes them: who may append, what was said, and who wants to hear of it.</summary>
/// <remarks>
/// The log is the truth; a hint only says that it may be worth a look. Every operation may be tried again when its answer was lost, and none but the owner
/// of the highest epoch can change a stream. Safe for many threads. Failures of the store itself are exceptions; what is below are answers.
/// </remarks>
internal interface IStreamStore
{
    /// <summary>Makes a stream, or takes over one whose owner has not renewed its lease in time or has released it.</summary>
    /// <param name="id">The stream's name.</param>
    /// <param name="onCancel">Called when someone cancels the stream, at once where someone has. Must not block.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where someone else has the lease, or the stream has ended.</returns>
    ValueTask<StreamLease?> TryAcquireAsync(string id, Action onCancel, CancellationToken cancellationToken);

    /// <summary>Keeps a lease for another lease time.</summary>
    /// <returns>False where it is lost: someone else has taken over, or the stream is gone.</returns>
    ValueTask<bool> TryRenewAsync(StreamLease lease, CancellationToken cancellationToken);

    /// <summary>Gives a lease up, so that another may take over at once. One that is lost already changes nothing.</summary>
    ValueTask ReleaseAsync(StreamLease lease, CancellationToken cancellationToken);

    /// <summary>Appends events.</summary>
    /// <param name="lease">The owner's lease.</param>
    /// <param name="after">The number of the event that these follow.</param>
    /// <param name="frames">Whole events, framed, numbered from <paramref name="after"/> + 1. Copied.</param>
    /// <param name="cancellationToken">Ends the waiting; the events may be in the log all the same. Try again: it is told apart from a gap.</param>
    ValueTask<StreamAppend> AppendAsync(StreamLease lease, long after, ReadOnlyMemory<byte> frames, CancellationToken cancellationToken);

    /// <summary>Says that nothing follows. The stream's time to live begins.</summary>
    /// <param name="lease">The owner's lease.</param>
    /// <param name="timeToLive">How long the stream can still be read.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask<StreamAppend> EndAsync(StreamLease lease, TimeSpan timeToLive, CancellationToken cancellationToken);

    /// <summary>Reads on.</summary>
    /// <param name="id">The stream's name.</param>
    /// <param name="after">The number of the last event that the reader has.</param>
    /// <param name="maxBytes">About how many bytes at most; one event at least, if there is one.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Null where there is no such stream (any more).</returns>
    ValueTask<StreamBatch?> ReadAsync(string id, long after, int maxBytes, CancellationToken cancellationToken);

    /// <summary>Hears of news. A hint may be lost, doubled or late: read after subscribing, and now and then without a hint.</summary>
    /// <param name="id">The stream's name.</param>
    /// <param name="onNews">Called with the number of the last event. Must not block.</param>
    /// <returns>Dispose it to hear no more.</returns>
    IDisposable Subscribe(string id, Action<long> onNews);

    /// <summary>Asks the owner, wherever it is, to stop. Who takes over later hears of it too. Again, or after the end, it changes nothing.</summary>
    /// <returns>Whether there is such a stream.</returns>
    ValueTask<bool> CancelAsync(string id, CancellationToken cancellationToken);
}
