namespace Sluice.Chat;

/// <summary>Keeps conversations: gives a question the turns before it, and keeps the question and what becomes of its answer.</summary>
/// <remarks>Optional: where an application has none, questions name no conversation. Safe for many threads. Never blocks.</remarks>
internal interface IConversations
{
    /// <summary>Looks up what a question follows. Stores nothing: that is <see cref="IConversationTurn.BeginAsync"/>'s.</summary>
    /// <param name="caller">Who asks: whose conversation it must be.</param>
    /// <param name="place">Where the question belongs.</param>
    /// <param name="question">What is asked; null where a stored question is answered once more.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ChatRequestException">There is no such conversation or message.</exception>
    /// <exception cref="ChatProviderException">The store does not answer (<see cref="ChatErrorKind.Unavailable"/>).</exception>
    Task<IConversationTurn> PrepareAsync(Caller caller, ConversationPlace place, string? question, CancellationToken cancellationToken);
}
