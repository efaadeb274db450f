using Sluice.Server.Storage;

namespace Sluice.Server.Conversations;

/// <summary>Single writes, inside a transaction.</summary>
internal static class ConversationWrites
{
    /// <summary>Adds a conversation without messages.</summary>
    public static async Task AddConversationAsync(SqlSession session, ConversationSql sql, string id, string owner, string title, string? head, long now)
    {
        var place = await session.NumberAsync(
            "INSERT INTO conversation (id, owner, title, head, created, updated) VALUES (@id, @owner, @title, @head, @now, @now) RETURNING place",
            ("@id", id), ("@owner", owner), ("@title", title), ("@head", head), ("@now", now));
        await IndexAsync(session, sql, ConversationSql.OfTitle(place!.Value), title);
    }

    /// <summary>Adds a message.</summary>
    /// <param name="session">The transaction.</param>
    /// <param name="sql">How the database says things.</param>
    /// <param name="conversation">Where to.</param>
    /// <param name="message">The message.</param>
    /// <param name="server">The server on which it runs; null where it does not.</param>
    /// <param name="words">What it is found by (see <see cref="Words"/>); null to work it out here.</param>
    public static async Task AddMessageAsync(SqlSession session, ConversationSql sql, string conversation, Message message, string? server, IReadOnlyList<(string Sql, string Words)>? words = null)
    {
        var place = await session.NumberAsync(
            """
            INSERT INTO message (id, conversation, parent, role, state, partial, model, stream, finish_reason, error_code, error_message, usage, tool_calls, ttft, duration, attempts, created, server, reasoning, content)
            VALUES (@id, @conversation, @parent, @role, @state, @partial, @model, @stream, @finish, @code, @message, @usage, @tools, @ttft, @duration, @attempts, @created, @server, @reasoning, @content)
            RETURNING place
            """,
            ("@id", message.Id), ("@conversation", conversation), ("@parent", message.Parent), ("@role", message.Role), ("@state", message.State), ("@partial", message.IsPartial ? 1L : 0L),
            ("@model", message.Model), ("@stream", message.Stream), ("@finish", message.FinishReason), ("@code", message.ErrorCode), ("@message", message.ErrorMessage), ("@usage", message.Usage),
            ("@tools", message.ToolCalls), ("@ttft", message.TimeToFirstToken), ("@duration", message.Duration), ("@attempts", message.Attempts), ("@created", message.Created), ("@server", server),
            ("@reasoning", message.Reasoning), ("@content", message.Content));
        await IndexAsync(session, sql, ConversationSql.OfMessage(place!.Value), words ?? Words(sql, message.Content));
    }

    /// <summary>What a text is found by. Work for long texts: done before a write is queued, nobody else's write waits for it.</summary>
    public static IReadOnlyList<(string Sql, string Words)> Words(ConversationSql sql, string text) => [.. sql.Index(SearchText.Indexed(text))];

    /// <summary>Makes a text found, and what stood there before no longer.</summary>
    public static Task IndexAsync(SqlSession session, ConversationSql sql, long source, string text) => IndexAsync(session, sql, source, Words(sql, text));

    /// <summary>Makes a text found whose words are known, and what stood there before no longer.</summary>
    public static async Task IndexAsync(SqlSession session, ConversationSql sql, long source, IReadOnlyList<(string Sql, string Words)> index)
    {
        await session.ExecuteAsync($"DELETE FROM search WHERE {sql.Source} = @source", ("@source", source));
        foreach (var (statement, words) in index)
        {
            await session.ExecuteAsync(statement, ("@source", source), ("@words", words));
        }
    }
}
