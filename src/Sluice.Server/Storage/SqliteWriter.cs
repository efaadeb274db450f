using System.Collections.Concurrent;
using System.Data.Common;
using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;

namespace Sluice.Server.Storage;

/// <summary>The one thread that writes to a SQLite file. What waits is committed together: many questions cost one wait for the disk.</summary>
internal sealed class SqliteWriter : IAsyncDisposable
{
    private const int MaxTogether = 256;
    private const string Place = "one";

    private readonly BlockingCollection<SqliteWrite> _waiting = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<SqliteConnection> _connect;

    /// <param name="connect">Opens a connection of the writer's own.</param>
    public SqliteWriter(Func<SqliteConnection> connect)
    {
        _connect = connect;
        new Thread(Run) { IsBackground = true, Name = "Sluice SQLite writer" }.Start();
    }

    /// <summary>See <see cref="ISqlDatabase.WriteAsync"/>.</summary>
    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken)
    {
        var item = new SqliteWriteOf<T>(write, isDurable, cancellationToken);
        try
        {
            _waiting.Add(item, CancellationToken.None);
        }
        catch (InvalidOperationException e)
        {
            throw new SqliteClosedException(e);
        }

        return item.Result;
    }

    /// <summary>Writes what waits, and ends. Once more does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.CompleteAdding();
        await _ended.Task;
    }

    private void Run()
    {
        SqliteConnection? connection = null;
        var together = new List<SqliteWrite>();
        while (!_waiting.IsCompleted)
        {
            together.Clear();
            if (!_waiting.TryTake(out var first, Timeout.Infinite))
            {
                break;
            }

            together.Add(first);
            while (together.Count < MaxTogether && _waiting.TryTake(out var next))
            {
                together.Add(next);
            }

            try
            {
                connection ??= _connect();
                Commit(connection, together);
            }
            catch (Exception e)
            {
                // Nothing of it is stored. The next ones get a new connection.
                together.ForEach(write => write.Fail(e));
                Abandon(connection);
                connection = null;
                continue;
            }

            together.ForEach(static write => write.Complete());
        }

        Abandon(connection);
        _ended.SetResult();
    }

    private static void Abandon(SqliteConnection? connection)
    {
        try
        {
            connection?.Dispose();
        }
        catch (Exception e) when (e is DbException or InvalidOperationException)
        {
            // On a failing disk even closing fails. Whoever waited has been told why, and the thread writes for others.
        }
    }

    private static void Commit(SqliteConnection connection, List<SqliteWrite> together)
    {
        // FULL waits for the disk at the commit; NORMAL outlives the process, not the machine's power.
        using (var mode = connection.CreateCommand())
        {
            mode.CommandText = together.Exists(static write => write.IsDurable) ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL";
            mode.ExecuteNonQuery();
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        var session = new SqlSession(connection, transaction);
        foreach (var write in together)
        {
            transaction.Save(Place);
            try
            {
                write.Run(session);
            }
            catch (Exception e)
            {
                // Its own failure alone: a conversation that is gone, a rule that is broken. A failing disk shows at the rollback, or at the commit.
                RollBack(transaction, e);
                write.Fail(e);
            }

            transaction.Release(Place);
        }

        transaction.Commit();
    }

    private static void RollBack(SqliteTransaction transaction, Exception cause)
    {
        try
        {
            transaction.Rollback(Place);
        }
        catch (Exception) when (cause is DbException)
        {
            // SQLite has taken back the whole transaction itself, as it does when the disk is full. All are told the cause, not that there is nothing left to roll back.
            ExceptionDispatchInfo.Throw(cause);
        }
    }
}
