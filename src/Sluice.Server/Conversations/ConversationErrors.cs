using Sluice.Chat;

namespace Sluice.Server.Conversations;

/// <summary>What clients are told.</summary>
internal static class ConversationErrors
{
    /// <summary>There is no such conversation, or it is someone else's.</summary>
    public static ChatRequestException NotFound() => new("There is no such conversation.") { Status = 404, Code = "conversation_not_found", Param = "conversation" };

    /// <summary>There is no such message in the conversation.</summary>
    public static ChatRequestException NoMessage(ConversationPlace place) => NoMessage(place.Regenerate is not null ? "regenerate" : "parent");

    /// <summary>There is no such message in the conversation.</summary>
    /// <param name="param">The field that names it.</param>
    public static ChatRequestException NoMessage(string param) => new($"`{param}` names no message of this conversation.") { Status = 404, Code = "message_not_found", Param = param };

    /// <summary>The turns before are more than a question may carry.</summary>
    public static ChatRequestException TooLong() => new("The messages before this question are longer together than a question may be (Sluice:Limits:MaxRequestBytes). Begin a new conversation, or branch from an earlier message.") { Status = 413, Code = "history_too_long", Param = "conversation" };

    /// <summary>The store does not answer.</summary>
    public static ChatProviderException Unavailable(Exception cause) => new(ChatErrorKind.Unavailable, "The conversations cannot be stored or read just now; ask again in a moment.", cause);
}
