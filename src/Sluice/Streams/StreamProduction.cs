using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>Hands one chunk after the other to its session, and comes back where that has to look: the answer has ended, or no viewer keeps up.</summary>
internal sealed class StreamProduction : ChunkCall
{
    /// <summary>How many bytes a provider may say without a pause before they are shown.</summary>
    public const int MaxBatchBytes = 64 * 1024;

    private readonly StreamSession _session;
    private readonly StreamRoom _room;
    private readonly CancellationToken _stop;

    /// <param name="session">The stream.</param>
    /// <param name="chunks">What the provider says. This one's to dispose.</param>
    /// <param name="room">How far it may go on.</param>
    /// <param name="stop">Stops it, also where the provider does not look at its token: it must not go on for nobody.</param>
    public StreamProduction(StreamSession session, IAsyncEnumerator<ChatChunk> chunks, StreamRoom room, CancellationToken stop)
    {
        _session = session;
        _room = room;
        _stop = stop;
        Inner = chunks;
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync() => Inner!.DisposeAsync();

    /// <inheritdoc/>
    /// <remarks>Upstream has nothing more at hand: what one read brought leaves in one flush.</remarks>
    protected override void Waiting() => _session.Publish();

    /// <inheritdoc/>
    protected override bool TryTake(ref ChatChunk chunk, ref bool any)
    {
        if (!any)
        {
            return true;
        }

        _session.Take(chunk);
        _stop.ThrowIfCancellationRequested();
        if (_session.Log.Bytes - _session.Log.PublishedBytes >= MaxBatchBytes)
        {
            _session.Publish();
        }

        return _session.State != StreamState.Running || _room.IsFull;
    }

    /// <inheritdoc/>
    protected override bool Recovers(ref Exception error, ref ChatChunk chunk) => false;
}
