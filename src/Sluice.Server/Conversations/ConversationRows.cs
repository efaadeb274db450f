using System.Data.Common;
using System.Text;
using Sluice.Server.Storage;

namespace Sluice.Server.Conversations;

/// <summary>How rows are read.</summary>
internal static class ConversationRows
{
    /// <summary>The columns of a conversation <c>c</c>.</summary>
    public const string Conversation = """
        c.place, c.id, c.title, c.head, c.created, c.updated,
        CAST(CASE WHEN EXISTS (SELECT 1 FROM message r WHERE r.conversation = c.id AND r.state = 'running') THEN 1 ELSE 0 END AS BIGINT)
        """;

    private const string Columns = "m.place, m.id, m.parent, m.role, m.state, m.partial, m.model, m.stream, m.finish_reason, m.error_code, m.error_message, m.usage, m.tool_calls, m.ttft, m.duration, m.attempts, m.created, m.reasoning, m.content";

    /// <summary>Reads <see cref="Conversation"/>.</summary>
    public static (long Place, Conversation Conversation) ReadConversation(DbDataReader row) => (row.GetInt64(0), new Conversation
    {
        Id = row.GetString(1),
        Title = row.GetString(2),
        Head = Text(row, 3),
        Created = row.GetInt64(4),
        Updated = row.GetInt64(5),
        IsRunning = row.GetInt64(6) == 1,
    });

    /// <summary>The messages of a conversation, the oldest first; those that run with what has been stored of them so far.</summary>
    public static async Task<IReadOnlyList<Message>> MessagesAsync(SqlSession session, string conversation)
    {
        var messages = await session.ListAsync($"SELECT {Columns} FROM message m WHERE m.conversation = @conversation ORDER BY m.place", ReadMessage, ("@conversation", conversation));
        if (!messages.Exists(static message => message.State == Message.Running))
        {
            return messages;
        }

        var pieces = await PiecesAsync(session, "message IN (SELECT id FROM message WHERE conversation = @id AND state = 'running')", conversation);
        return [.. messages.Select(message => pieces.TryGetValue(message.Id, out var piece) ? message with { Reasoning = piece.Reasoning, Content = piece.Content } : message)];
    }

    /// <summary>What has been stored so far of answers that run, by message.</summary>
    /// <param name="session">Where to read.</param>
    /// <param name="where">Whose pieces: a condition with the parameter <c>@id</c>.</param>
    /// <param name="id">Its value.</param>
    public static async Task<Dictionary<string, (string Reasoning, string Content)>> PiecesAsync(SqlSession session, string where, string id)
    {
        var joined = new Dictionary<string, (StringBuilder Reasoning, StringBuilder Content)>(StringComparer.Ordinal);
        var rows = await session.ListAsync($"SELECT message, reasoning, content FROM piece WHERE {where} ORDER BY place", static row => (Message: row.GetString(0), Reasoning: row.GetString(1), Content: row.GetString(2)), ("@id", id));
        foreach (var row in rows)
        {
            if (!joined.TryGetValue(row.Message, out var texts))
            {
                joined[row.Message] = texts = (new StringBuilder(), new StringBuilder());
            }

            texts.Reasoning.Append(row.Reasoning);
            texts.Content.Append(row.Content);
        }

        return joined.ToDictionary(static pair => pair.Key, static pair => (pair.Value.Reasoning.ToString(), pair.Value.Content.ToString()), StringComparer.Ordinal);
    }

    private static Message ReadMessage(DbDataReader row) => new()
    {
        Id = row.GetString(1),
        Parent = Text(row, 2),
        Role = row.GetString(3),
        State = row.GetString(4),
        IsPartial = row.GetInt64(5) == 1,
        Model = Text(row, 6),
        Stream = Text(row, 7),
        FinishReason = Text(row, 8),
        ErrorCode = Text(row, 9),
        ErrorMessage = Text(row, 10),
        Usage = Text(row, 11),
        ToolCalls = Text(row, 12),
        TimeToFirstToken = row.IsDBNull(13) ? null : row.GetDouble(13),
        Duration = row.IsDBNull(14) ? null : row.GetDouble(14),
        Attempts = row.IsDBNull(15) ? null : row.GetInt64(15),
        Created = row.GetInt64(16),
        Reasoning = row.GetString(17),
        Content = row.GetString(18),
    };

    private static string? Text(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
