namespace Sluice.Chat;

/// <summary>Where in which conversation a question belongs, as a client says it.</summary>
/// <param name="Conversation">The conversation's id, or <c>new</c>.</param>
/// <param name="Parent">The message that the question is asked after; null for the one shown last; <c>root</c> for none.</param>
/// <param name="Regenerate">The stored question that is to be answered once more; null where a new one is asked.</param>
internal sealed record ConversationPlace(string Conversation, string? Parent, string? Regenerate)
{
    /// <summary>The word for a conversation that is not there yet.</summary>
    public const string New = "new";

    /// <summary>The word for the place before every message.</summary>
    public const string Root = "root";

    /// <summary>Checks what a client has sent.</summary>
    /// <returns>Null where it names no conversation.</returns>
    /// <exception cref="ChatRequestException">The three contradict each other.</exception>
    public static ConversationPlace? Of(string? conversation, string? parent, string? regenerate)
    {
        if (conversation is null)
        {
            var lone = parent is not null ? "parent" : "regenerate";
            return parent is null && regenerate is null ? null
                : throw new ChatRequestException($"`{lone}` names a message of a conversation. Send `conversation` with it.") { Param = lone };
        }

        if (regenerate is not null && (parent is not null || conversation == New))
        {
            throw new ChatRequestException("`regenerate` names a stored question, which has its place: send the conversation's id and no `parent` with it.") { Param = "regenerate" };
        }

        return conversation == New && parent is not (null or Root)
            ? throw new ChatRequestException("A new conversation has no message to follow. Leave `parent` out.") { Param = "parent" }
            : new ConversationPlace(conversation, parent, regenerate);
    }
}
