using Sluice.Chat;

namespace Sluice.Streams;

/// <summary>What has been shown of a stream, read from its log when someone has to know: until then it costs nothing.</summary>
/// <param name="session">The stream.</param>
internal sealed class ShownStream(StreamSession session) : IShownAnswer
{
    /// <inheritdoc/>
    public bool TakesReset => session.Dialect.KnowsReset;

    /// <inheritdoc/>
    public AnswerSoFar? Read()
    {
        // The producer itself asks, from inside its provider: nobody else publishes meanwhile.
        session.Publish();
        AnswerSoFar? shown = null;
        session.TrySnapshot()?.Read(snapshot => shown = snapshot.IsPartial ? null
            : new AnswerSoFar(snapshot.Text.ToArray(), snapshot.First, snapshot.Pieces, session.Dialect.Usage(snapshot).ToArray()));
        return shown;
    }
}
