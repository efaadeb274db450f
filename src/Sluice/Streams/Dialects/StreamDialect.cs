using System.Buffers;
using Sluice.Chat;

namespace Sluice.Streams.Dialects;

/// <summary>How one stream speaks to its viewers: turns chunks and endings into the data of events. One instance per stream, used by its producer only.</summary>
internal abstract class StreamDialect
{
    /// <summary>Whether a failure has to end the connection without the closing chunk, since clients of this dialect take a clean end for success.</summary>
    public abstract bool FailsUnclean { get; }

    /// <summary>The model's name as asked for.</summary>
    public abstract string Model { get; }

    /// <summary>Whether a viewer can be told that what it has shown is void.</summary>
    public abstract bool KnowsReset { get; }

    /// <summary>From the question to its first token; null before.</summary>
    public TimeSpan? TimeToFirstToken { get; set; }

    /// <summary>How many times an upstream was called for the answer.</summary>
    public int Attempts { get; private set; } = 1;

    /// <summary>What stands before anything that a provider says.</summary>
    /// <returns>Whether there is such a thing: then the answer counts as under way at once.</returns>
    public abstract bool Begin(StreamLog log, ChatRequest request);

    /// <summary>Appends what a chunk says. A reset comes only where <see cref="KnowsReset"/>.</summary>
    public abstract void Add(StreamLog log, ChatChunk chunk);

    /// <summary>Appends the ending of a whole answer.</summary>
    public abstract void End(StreamLog log);

    /// <summary>Appends the ending of a failed one.</summary>
    public abstract void Fail(StreamLog log, ChatProviderException error);

    /// <summary>Appends the ending of one that someone stopped.</summary>
    public abstract void Cancel(StreamLog log);

    /// <summary>Appends the ending.</summary>
    /// <param name="state">Which one.</param>
    /// <param name="log">Where to.</param>
    /// <param name="error">Why it failed; null where it did not.</param>
    public void EndAs(StreamState state, StreamLog log, ChatProviderException? error)
    {
        switch (state)
        {
            case StreamState.Done:
                End(log);
                break;
            case StreamState.Failed:
                Fail(log, error!);
                break;
            default:
                Cancel(log);
                break;
        }
    }

    /// <summary>Takes a chunk that says what is being done to get an answer.</summary>
    /// <param name="kind">What: see <see cref="ChatChunk.IsStatus"/>.</param>
    /// <returns>What viewers are told; null for nothing.</returns>
    public StreamStatus? Status(ChatChunkKind kind)
    {
        Attempts += kind.HasFlag(ChatChunkKind.Attempt) ? 1 : 0;
        return kind.HasFlag(ChatChunkKind.Degraded) ? Status("degraded")
            : kind.HasFlag(ChatChunkKind.FailingOver) ? Status("failover")
            : kind.HasFlag(ChatChunkKind.Retrying) ? Status("retrying")
            : null;
    }

    /// <summary>What viewers are told of what is being done; null where this dialect has no word for that.</summary>
    /// <param name="state">What, in one word.</param>
    protected virtual StreamStatus? Status(string state) => null;

    /// <summary>Adds to a snapshot what one event of the log says.</summary>
    /// <param name="data">The event's data.</param>
    /// <param name="snapshot">What is known so far.</param>
    public abstract void Read(ReadOnlyMemory<byte> data, StreamSnapshot snapshot);

    /// <summary>The token counts that have been told so far; empty where there are none. The producer's.</summary>
    /// <param name="snapshot">What the log says.</param>
    public virtual ReadOnlySpan<byte> Usage(StreamSnapshot snapshot) => snapshot.Usage;

    /// <summary>Writes the frame that says that what the viewer has shown is void; nothing where not <see cref="KnowsReset"/>.</summary>
    public virtual void WriteReset(IBufferWriter<byte> output)
    {
    }

    /// <summary>Writes the frames that stand for everything up to a snapshot.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="after">The number of the last event that the viewer has; 0 for none.</param>
    /// <param name="isReset">Whether what the viewer has shown is void; only where <see cref="KnowsReset"/>.</param>
    /// <returns>False where this dialect cannot say it; then nothing is written.</returns>
    public abstract bool WriteSnapshot(IBufferWriter<byte> output, StreamSnapshot snapshot, long after, bool isReset);
}
