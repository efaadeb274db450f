using Sluice.Server.Storage;

namespace Sluice.Server.Conversations;

/// <summary>Conversations in a database: what people do with them. Each belongs to an owner, and to everyone else looks like one that does not exist.</summary>
/// <param name="database">The database.</param>
/// <param name="sql">How it says things.</param>
/// <param name="time">The clock.</param>
internal sealed class ConversationStore(ISqlDatabase database, ConversationSql sql, TimeProvider time)
{
    /// <summary>The database.</summary>
    public ISqlDatabase Database => database;

    /// <summary>How it says things.</summary>
    public ConversationSql Sql => sql;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>An owner's conversations, those that changed last first.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">The last one that is known already; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where there is no conversation <paramref name="after"/>; else also whether there are more.</returns>
    public Task<(IReadOnlyList<Conversation> Conversations, bool HasMore)?> ListAsync(string owner, int limit, string? after, CancellationToken cancellationToken) => database.ReadAsync<(IReadOnlyList<Conversation>, bool)?>(
        async session =>
        {
            if (after is not null && await PlaceAsync(session, owner, after) is null)
            {
                return null;
            }

            var rows = await session.ListAsync(
                $"SELECT {ConversationRows.Conversation} FROM conversation c WHERE c.owner = @owner {Behind(after)} ORDER BY c.updated DESC, c.place DESC LIMIT @limit",
                ConversationRows.ReadConversation, [("@owner", owner), ("@limit", limit + 1L), .. After(after)]);
            return ([.. rows.Take(limit).Select(static row => row.Conversation)], rows.Count > limit);
        },
        cancellationToken);

    /// <summary>An owner's conversations in whose title, or in one of whose messages, something is found; those that changed last first.</summary>
    /// <param name="owner">Whose.</param>
    /// <param name="query">What to find.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="after">The last one that is known already; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where there is no conversation <paramref name="after"/>; else also whether there are more.</returns>
    public Task<(IReadOnlyList<SearchHit> Hits, bool HasMore)?> SearchAsync(string owner, SearchQuery query, int limit, string? after, CancellationToken cancellationToken) => database.ReadAsync<(IReadOnlyList<SearchHit>, bool)?>(
        async session =>
        {
            if (after is not null && await PlaceAsync(session, owner, after) is null)
            {
                return null;
            }

            if (query.Terms.Count == 0)
            {
                return ([], false);
            }

            var (find, values) = sql.Find(query);
            var rows = await session.ListAsync(
                $"""
                WITH found AS ({find}), hit AS (
                    SELECT t.id AS conversation, CAST(0 AS BIGINT) AS message FROM found JOIN conversation t ON t.place = found.source / 2 WHERE found.source % 2 = 0 AND t.owner = @owner
                    UNION ALL SELECT m.conversation, m.place FROM found JOIN message m ON m.place = found.source / 2 WHERE found.source % 2 = 1),
                best AS (SELECT conversation, max(message) AS message FROM hit GROUP BY conversation)
                SELECT {ConversationRows.Conversation}, best.message, b.id, substr(b.content, 1, {SearchText.MaxIndexed}) FROM best JOIN conversation c ON c.id = best.conversation LEFT JOIN message b ON b.place = best.message
                WHERE c.owner = @owner {Behind(after)} ORDER BY c.updated DESC, c.place DESC LIMIT @limit
                """,
                row => (ConversationRows.ReadConversation(row).Conversation, Message: row.IsDBNull(8) ? null : row.GetString(8), Content: row.IsDBNull(9) ? null : row.GetString(9)),
                [("@owner", owner), ("@limit", limit + 1L), .. values, .. After(after)]);
            return ([.. rows.Take(limit).Select(row => new SearchHit(row.Conversation, query.Snippet(row.Content ?? row.Conversation.Title), row.Message))], rows.Count > limit);
        },
        cancellationToken);

    /// <summary>A conversation and all its messages, the oldest first.</summary>
    /// <returns>Null where the owner has none of that name.</returns>
    public Task<(Conversation Conversation, IReadOnlyList<Message> Messages)?> GetAsync(string owner, string id, CancellationToken cancellationToken) =>
        database.ReadAsync(session => GetAsync(session, owner, id), cancellationToken);

    /// <summary>How many bytes of UTF-8 the texts have from the beginning of a conversation to one of its messages. Reads none of them.</summary>
    /// <param name="owner">Whose conversation.</param>
    /// <param name="conversation">Its name.</param>
    /// <param name="leaf">The last message; null for the one that is shown last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>0 where there is no such message.</returns>
    public Task<long> BranchBytesAsync(string owner, string conversation, string? leaf, CancellationToken cancellationToken) => database.ReadAsync(
        async session => await session.NumberAsync(
            """
            WITH RECURSIVE branch (parent, bytes) AS (
                SELECT m.parent, octet_length(m.content) FROM message m JOIN conversation c ON c.id = m.conversation WHERE c.id = @conversation AND c.owner = @owner AND m.id = coalesce(@leaf, c.head)
                UNION ALL SELECT m.parent, octet_length(m.content) FROM message m JOIN branch b ON m.id = b.parent WHERE m.conversation = @conversation)
            SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM branch
            """,
            ("@conversation", conversation), ("@owner", owner), ("@leaf", leaf)) ?? 0,
        cancellationToken);

    /// <summary>Makes a conversation out of messages that were said elsewhere.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="messages">Its messages, each behind its parent.</param>
    /// <param name="head">The message shown last; null for none.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    public Task<(Conversation Conversation, IReadOnlyList<Message> Messages)?> CreateAsync(string owner, string title, IReadOnlyList<Message> messages, string? head, CancellationToken cancellationToken)
    {
        var texts = messages.Select(message => (Message: message, Words: ConversationWrites.Words(sql, message.Content))).ToList();
        return database.WriteAsync(
            async session =>
            {
                var id = ConversationId.NewConversation();
                await ConversationWrites.AddConversationAsync(session, sql, id, owner, title, head, Now);
                foreach (var (message, words) in texts)
                {
                    await ConversationWrites.AddMessageAsync(session, sql, id, message.Created == 0 ? message with { Created = Now } : message, server: null, words);
                }

                return await GetAsync(session, owner, id);
            },
            isDurable: true, cancellationToken);
    }

    /// <summary>Gives a conversation another title, or shows another branch of it.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="id">Its name.</param>
    /// <param name="title">The title; null leaves it.</param>
    /// <param name="head">The message to show last; null leaves it.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    /// <returns>The conversation; null where the owner has none of that name. The head is as it was where there is no such message in it.</returns>
    public Task<Conversation?> UpdateAsync(string owner, string id, string? title, string? head, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            if (await PlaceAsync(session, owner, id) is not { } place)
            {
                return null;
            }

            if (title is not null)
            {
                await session.ExecuteAsync("UPDATE conversation SET title = @title, updated = @now WHERE place = @place", ("@title", title), ("@now", Now), ("@place", place));
                await ConversationWrites.IndexAsync(session, sql, ConversationSql.OfTitle(place), title);
            }

            if (head is not null)
            {
                await session.ExecuteAsync("UPDATE conversation SET head = @head WHERE place = @place AND EXISTS (SELECT 1 FROM message WHERE id = @head AND conversation = @id)", ("@head", head), ("@place", place), ("@id", id));
            }

            return (await ConversationAsync(session, owner, id))?.Conversation;
        },
        isDurable: true, cancellationToken);

    /// <summary>Forgets a conversation, with all that is in it.</summary>
    /// <param name="owner">Whose it is.</param>
    /// <param name="id">Its name; null for all that the owner has.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    /// <returns>How many there were.</returns>
    public Task<int> DeleteAsync(string owner, string? id, CancellationToken cancellationToken) => database.WriteAsync(
        async session =>
        {
            var which = "owner = @owner" + (id is null ? "" : " AND id = @id");
            (string, object?)[] values = id is null ? [("@owner", owner)] : [("@owner", owner), ("@id", id)];
            await session.ExecuteAsync($"DELETE FROM search WHERE {sql.Source} IN (SELECT place * 2 + 1 FROM message WHERE conversation IN (SELECT id FROM conversation WHERE {which}))", values);
            await session.ExecuteAsync($"DELETE FROM search WHERE {sql.Source} IN (SELECT place * 2 FROM conversation WHERE {which})", values);
            return await session.ExecuteAsync($"DELETE FROM conversation WHERE {which}", values);
        },
        isDurable: true, cancellationToken);

    private static string Behind(string? after) => after is null ? "" : "AND (c.updated, c.place) < (SELECT a.updated, a.place FROM conversation a WHERE a.id = @after)";

    private static (string, object?)[] After(string? after) => after is null ? [] : [("@after", after)];

    private static Task<long?> PlaceAsync(SqlSession session, string owner, string id) =>
        session.NumberAsync("SELECT place FROM conversation WHERE id = @id AND owner = @owner", ("@id", id), ("@owner", owner));

    private static async Task<(long Place, Conversation Conversation)?> ConversationAsync(SqlSession session, string owner, string id)
    {
        var rows = await session.ListAsync($"SELECT {ConversationRows.Conversation} FROM conversation c WHERE c.id = @id AND c.owner = @owner", ConversationRows.ReadConversation, ("@id", id), ("@owner", owner));
        return rows.Count == 0 ? null : rows[0];
    }

    private static async Task<(Conversation, IReadOnlyList<Message>)?> GetAsync(SqlSession session, string owner, string id) =>
        await ConversationAsync(session, owner, id) is { } found ? (found.Conversation, await ConversationRows.MessagesAsync(session, id)) : null;
}
