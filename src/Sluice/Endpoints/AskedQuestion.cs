using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>What is asked of <c>/ask/stream</c>, with the turns before it where it belongs to a conversation.</summary>
internal static class AskedQuestion
{
    /// <summary>Reads the query of a GET.</summary>
    /// <param name="query">The query.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="conversations">The conversations; null where none are kept.</param>
    /// <param name="refuse">Throws where nothing new may be asked now. Given the model; called before a history is read.</param>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <exception cref="ChatRequestException">It asks nothing, or of a conversation that is not there.</exception>
    /// <exception cref="ChatProviderException">The store of conversations does not answer.</exception>
    public static async ValueTask<ChatRequest> FromQueryAsync(IQueryCollection query, Caller caller, IConversations? conversations, Action<string?> refuse, CancellationToken gone)
    {
        var question = One(query, "prompt") ?? One(query, "question");
        question = string.IsNullOrWhiteSpace(question) ? null : question;
        var conversation = One(query, "conversation");
        if ((conversation is not null || conversations is not null) && ConversationPlace.Of(conversation, One(query, "parent"), One(query, "regenerate")) is { } place)
        {
            var turn = await PrepareAsync(conversations, caller, place, question, () => refuse(One(query, "model")), gone);
            return ChatRequestBuilder.FromTurn(turn, One(query, "model")).Of(turn);
        }

        return question is null
            ? throw new ChatRequestException("Nothing is asked. Send `prompt` (or `question`) in the query.") { Param = "prompt" }
            : ChatRequest.FromQuestion(question, One(query, "model"));
    }

    /// <summary>Reads the body of a POST.</summary>
    /// <param name="body">The body.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="conversations">The conversations; null where none are kept.</param>
    /// <param name="refuse">Throws where nothing new may be asked now. Given the model; called before a history is read.</param>
    /// <param name="gone">Cancelled when the client leaves.</param>
    /// <exception cref="ChatRequestException">It is no request, asks nothing, or of a conversation that is not there.</exception>
    /// <exception cref="ChatProviderException">The store of conversations does not answer.</exception>
    public static async ValueTask<ChatRequest> FromBodyAsync(ReadOnlyMemory<byte> body, Caller caller, IConversations? conversations, Action<string?> refuse, CancellationToken gone)
    {
        using var ask = AskBody.Parse(body);
        if ((ask.NamesConversation || conversations is not null) && ask.Conversation() is { } place)
        {
            var turn = await PrepareAsync(conversations, caller, place, ask.Question, () => refuse(Model(ask)), gone);
            return ChatRequestBuilder.FromAsk(ask, turn).Of(turn);
        }

        return ChatRequestBuilder.FromAsk(ask, turn: null);
    }

    private static async Task<IConversationTurn> PrepareAsync(IConversations? conversations, Caller caller, ConversationPlace place, string? question, Action refuse, CancellationToken gone)
    {
        if (conversations is null)
        {
            throw new ChatRequestException("No conversations are kept here. Send the turns before as `messages`.") { Param = "conversation", Code = "conversations_off" };
        }

        if (place.Regenerate is null == question is null)
        {
            throw new ChatRequestException(question is null
                ? "Nothing is asked. Send `prompt` (or `question`) with text, or `regenerate`."
                : "`regenerate` answers a stored question once more. Leave `prompt` out.") { Param = "prompt" };
        }

        refuse();
        return await conversations.PrepareAsync(caller, place, question, gone);
    }

    private static string? Model(AskBody ask) => ask.Root.TryGetProperty("model"u8, out var model) && model.ValueKind == JsonValueKind.String ? model.GetString() : null;

    private static string? One(IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count <= 1
            ? values.ToString() is { Length: > 0 } value ? value : null
            : throw new ChatRequestException($"`{name}` stands in the query {values.Count} times. Send it once.") { Param = name };
    }
}
