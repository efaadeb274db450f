using Sluice.Chat;
using Sluice.Server.Storage;

namespace Sluice.Server.Conversations;

/// <summary>What a server does with the answers that it carries: their history, their beginning, what comes of them, their end, and the ends of those whose server died.</summary>
/// <param name="store">The conversations.</param>
/// <param name="time">The clock.</param>
internal sealed class AnswerStore(ConversationStore store, TimeProvider time)
{
    private const string Interrupted = "The server stopped while this answer was under way.";

    private readonly ISqlDatabase _database = store.Database;
    private readonly ConversationSql _sql = store.Sql;

    /// <summary>The name of this server among those that share the database; new with every start.</summary>
    public string Server { get; } = Guid.NewGuid().ToString("N");

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The messages from the beginning of a conversation to one of them.</summary>
    /// <param name="owner">Whose conversation.</param>
    /// <param name="conversation">Its name.</param>
    /// <param name="leaf">The last message; null for the one that is shown last.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where the owner has no such conversation. Empty where the message is not in it.</returns>
    public Task<IReadOnlyList<Message>?> BranchAsync(string owner, string conversation, string? leaf, CancellationToken cancellationToken) => _database.ReadAsync<IReadOnlyList<Message>?>(
        async session =>
        {
            var heads = await session.ListAsync("SELECT head FROM conversation WHERE id = @id AND owner = @owner", static row => row.IsDBNull(0) ? null : row.GetString(0), ("@id", conversation), ("@owner", owner));
            if (heads.Count == 0)
            {
                return null;
            }

            // What is told to a model needs few columns, and may be long.
            var branch = await session.ListAsync(
                """
                WITH RECURSIVE branch (place, id, parent, role, state, content) AS (
                    SELECT place, id, parent, role, state, content FROM message WHERE conversation = @conversation AND id = @leaf
                    UNION ALL SELECT m.place, m.id, m.parent, m.role, m.state, m.content FROM message m JOIN branch b ON m.id = b.parent WHERE m.conversation = @conversation)
                SELECT id, parent, role, state, content FROM branch ORDER BY place
                """,
                static row => new Message { Id = row.GetString(0), Parent = row.IsDBNull(1) ? null : row.GetString(1), Role = row.GetString(2), State = row.GetString(3), Content = row.GetString(4) },
                ("@conversation", conversation), ("@leaf", leaf ?? heads[0] ?? ""));
            return branch;
        },
        cancellationToken);

    /// <summary>Stores a question and its answer, which begins to run, as one.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    /// <returns>False where the conversation is gone by now.</returns>
    public Task<bool> BeginAsync(ConversationTurn turn, IKeptAnswer answer, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            if (turn.IsNew)
            {
                await ConversationWrites.AddConversationAsync(session, _sql, turn.ConversationId, turn.Owner, turn.Title, turn.AnswerId, Now);
            }
            else
            {
                var places = await session.ListAsync(
                    $"SELECT place, title FROM conversation WHERE id = @id AND owner = @owner{_sql.ForUpdate}", static row => (Place: row.GetInt64(0), Title: row.GetString(1)), ("@id", turn.ConversationId), ("@owner", turn.Owner));
                if (places.Count == 0)
                {
                    return false;
                }

                // One that was made without a title is called as its first question begins.
                var title = places[0].Title.Length == 0 ? turn.Title : places[0].Title;
                await session.ExecuteAsync("UPDATE conversation SET head = @head, updated = @now, title = @title WHERE place = @place", ("@head", turn.AnswerId), ("@now", Now), ("@title", title), ("@place", places[0].Place));
                if (places[0].Title.Length == 0)
                {
                    await ConversationWrites.IndexAsync(session, _sql, ConversationSql.OfTitle(places[0].Place), title);
                }
            }

            if (turn.Question is { } question)
            {
                await ConversationWrites.AddMessageAsync(session, _sql, turn.ConversationId, new Message { Id = turn.QuestionId, Parent = turn.Parent, Role = Message.User, Content = question, Created = Now }, server: null);
            }

            var running = new Message { Id = turn.AnswerId, Parent = turn.QuestionId, Role = Message.Assistant, Content = "", State = Message.Running, Model = StoredText.Clean(answer.Model), Stream = answer.StreamId, Created = Now };
            await ConversationWrites.AddMessageAsync(session, _sql, turn.ConversationId, running, Server);
            return true;
        },
        isDurable: true, cancellationToken);

    /// <summary>Stores what has come of answers since the last time.</summary>
    /// <returns>Those that are gone: their conversations were deleted.</returns>
    public Task<IReadOnlyList<string>> AddAsync(IReadOnlyList<(string Id, AnswerGrowth Growth)> growths, CancellationToken cancellationToken) => _database.WriteAsync<IReadOnlyList<string>>(
        async session =>
        {
            var gone = new List<string>();
            foreach (var (id, growth) in growths)
            {
                if (growth.IsReset)
                {
                    await session.ExecuteAsync("DELETE FROM piece WHERE message = @id", ("@id", id));
                }

                // Not of one that was deleted, nor of one that ended in this moment.
                var count = await session.ExecuteAsync(
                    "INSERT INTO piece (message, reasoning, content) SELECT id, @reasoning, @content FROM message WHERE id = @id AND state = 'running'",
                    ("@id", id), ("@reasoning", StoredText.Clean(growth.Reasoning)), ("@content", StoredText.Clean(growth.Text)));
                if (count == 0 && await session.NumberAsync("SELECT place FROM message WHERE id = @id", ("@id", id)) is null)
                {
                    gone.Add(id);
                }
            }

            return gone;
        },
        isDurable: false, cancellationToken);

    /// <summary>Stores what became of an answer. Where it is gone by now, nothing.</summary>
    public Task<bool> EndAsync(string id, AnswerEnding ending, TimeSpan duration, CancellationToken cancellationToken) => _database.WriteAsync(
        session => EndAsync(
            session,
            new Message
            {
                Id = id,
                Role = Message.Assistant,
                Content = StoredText.Clean(ending.Text),
                Reasoning = StoredText.Clean(ending.Reasoning),
                State = ending.State,
                IsPartial = ending.State != Message.Done,
                Model = ending.Model is { } model ? StoredText.Clean(model) : null,
                FinishReason = ending.FinishReason is { } finish ? StoredText.Clean(finish) : null,
                ErrorCode = ending.Error?.Code,
                ErrorMessage = ending.Error is { } error ? StoredText.Clean(error.Message) : null,
                Usage = ending.Usage,
                ToolCalls = ending.ToolCalls,
                TimeToFirstToken = ending.TimeToFirstToken?.TotalMilliseconds,
                Duration = duration.TotalMilliseconds,
                Attempts = ending.Attempts,
            }),
        isDurable: true, cancellationToken);

    /// <summary>Says that this server lives, for a while.</summary>
    /// <param name="lease">For how long.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    public Task<int> RenewAsync(TimeSpan lease, CancellationToken cancellationToken) => _database.WriteAsync(
        session => session.ExecuteAsync(
            $"INSERT INTO server (id, alive) VALUES (@id, {_sql.Now} + @lease) ON CONFLICT (id) DO UPDATE SET alive = excluded.alive", ("@id", Server), ("@lease", (long)lease.TotalMilliseconds)),
        isDurable: true, cancellationToken);

    /// <summary>Ends the answers that nobody carries any more.</summary>
    /// <param name="others">Which other servers are held to be dead.</param>
    /// <param name="isLive">Whether an answer of this server's is still under way.</param>
    /// <param name="cancellationToken">Takes it back, where it has not begun.</param>
    /// <returns>How many there were.</returns>
    public Task<int> JudgeAsync(OtherServers others, Func<string, bool> isLive, CancellationToken cancellationToken) => _database.WriteAsync(
        async session =>
        {
            if (others != OtherServers.Spared)
            {
                await session.ExecuteAsync(others == OtherServers.Dead ? "DELETE FROM server WHERE id <> @id" : $"DELETE FROM server WHERE id <> @id AND alive < {_sql.Now}", ("@id", Server));
            }

            var lost = others == OtherServers.Spared ? "" : " OR server NOT IN (SELECT id FROM server)";
            var orphans = await session.ListAsync(
                $"SELECT id, server FROM message WHERE state = 'running' AND (server = @id OR server IS NULL{lost}){_sql.ForUpdate}",
                static row => (Id: row.GetString(0), Server: row.IsDBNull(1) ? null : row.GetString(1)), ("@id", Server));
            var count = 0;
            foreach (var orphan in orphans.Where(orphan => orphan.Server != Server || !isLive(orphan.Id)))
            {
                var (reasoning, content) = (await ConversationRows.PiecesAsync(session, "message = @id", orphan.Id)).GetValueOrDefault(orphan.Id, ("", ""));
                var ended = new Message { Id = orphan.Id, Role = Message.Assistant, Content = content, Reasoning = reasoning, State = Message.Failed, IsPartial = true, ErrorCode = Message.Interrupted, ErrorMessage = Interrupted };
                count += await EndAsync(session, ended) ? 1 : 0;
            }

            return count;
        },
        isDurable: true, cancellationToken);

    private async Task<bool> EndAsync(SqlSession session, Message ended)
    {
        // The conversation first, as whoever deletes it does: in another order the two could wait for each other.
        if (await session.ExecuteAsync("UPDATE conversation SET updated = @now WHERE id = (SELECT conversation FROM message WHERE id = @id)", ("@now", Now), ("@id", ended.Id)) == 0)
        {
            return false;
        }

        var place = await session.NumberAsync(
            """
            UPDATE message SET state = @state, partial = @partial, model = coalesce(@model, model), finish_reason = @finish, error_code = @code, error_message = @message, usage = @usage, tool_calls = @tools,
                ttft = @ttft, duration = @duration, attempts = @attempts, reasoning = @reasoning, content = @content, server = NULL
            WHERE id = @id RETURNING place
            """,
            ("@id", ended.Id), ("@state", ended.State), ("@partial", ended.IsPartial ? 1L : 0L), ("@model", ended.Model), ("@finish", ended.FinishReason), ("@code", ended.ErrorCode), ("@message", ended.ErrorMessage),
            ("@usage", ended.Usage), ("@tools", ended.ToolCalls), ("@ttft", ended.TimeToFirstToken), ("@duration", ended.Duration), ("@attempts", ended.Attempts), ("@reasoning", ended.Reasoning), ("@content", ended.Content));
        if (place is null)
        {
            return false;
        }

        await session.ExecuteAsync("DELETE FROM piece WHERE message = @id", ("@id", ended.Id));
        await ConversationWrites.IndexAsync(session, _sql, ConversationSql.OfMessage(place.Value), ended.Content);
        return true;
    }
}
