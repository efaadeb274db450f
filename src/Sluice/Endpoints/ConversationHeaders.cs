using Microsoft.AspNetCore.Http;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>Tells where in which conversation an answer will be found.</summary>
internal static class ConversationHeaders
{
    /// <summary>Sets them, where the answer belongs to a conversation.</summary>
    public static void Write(HttpContext context, IConversationTurn? turn)
    {
        if (turn is not null)
        {
            var headers = context.Response.Headers;
            headers["X-Sluice-Conversation-Id"] = turn.ConversationId;
            headers["X-Sluice-Question-Id"] = turn.QuestionId;
            headers["X-Sluice-Answer-Id"] = turn.AnswerId;
        }
    }
}
