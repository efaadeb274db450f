using Sluice.Chat;

namespace Sluice.Streams.Dialects;

/// <summary>How one stream speaks to its viewers: turns chunks and endings into the data of events. One instance per stream, used by its producer only.</summary>
internal abstract class StreamDialect
{
    /// <summary>Whether a failure has to end the connection without the closing chunk, since clients of this dialect take a clean end for success.</summary>
    public abstract bool FailsUnclean { get; }

    /// <summary>From the question to its first token; null before.</summary>
    public TimeSpan? TimeToFirstToken { get; set; }

    /// <summary>What stands before anything that a provider says.</summary>
    /// <returns>Whether there is such a thing: then the answer counts as under way at once.</returns>
    public abstract bool Begin(StreamLog log, ChatRequest request);

    /// <summary>Appends what a chunk says.</summary>
    public abstract void Add(StreamLog log, ChatChunk chunk);

    /// <summary>Appends the ending of a whole answer.</summary>
    public abstract void End(StreamLog log);

    /// <summary>Appends the ending of a failed one.</summary>
    public abstract void Fail(StreamLog log, ChatProviderException error);

    /// <summary>Appends the ending of one that someone stopped.</summary>
    public abstract void Cancel(StreamLog log);
}
