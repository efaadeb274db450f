namespace Sluice.Chat;

/// <summary>One question and its answer on their way into a conversation.</summary>
internal interface IConversationTurn
{
    /// <summary>The conversation's id.</summary>
    string ConversationId { get; }

    /// <summary>The question's id.</summary>
    string QuestionId { get; }

    /// <summary>The answer's id.</summary>
    string AnswerId { get; }

    /// <summary>What the model is told: the turns before, and the question last. Called once: it may be long, and the turn does not keep it.</summary>
    IReadOnlyList<ConversationMessage> TakeMessages();

    /// <summary>Stores the question and an answer that runs, as one. Called once, before the model is asked.</summary>
    /// <param name="answer">The answer, to be read on while it comes. This turn's to dispose, whatever happens.</param>
    /// <exception cref="ChatProviderException">It could not be stored (<see cref="ChatErrorKind.Unavailable"/>): nothing is asked then.</exception>
    Task BeginAsync(IKeptAnswer answer);

    /// <summary>The answer has ended and can be read whole. Called once, however it ended, also where <see cref="BeginAsync"/> failed: then it does nothing. Never blocks, never throws.</summary>
    void End();
}
