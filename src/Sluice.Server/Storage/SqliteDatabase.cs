using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Sluice.Server.Storage;

/// <summary>A SQLite file as a database: one thread writes, a few read beside it.</summary>
/// <param name="file">The file.</param>
internal sealed class SqliteDatabase(SqliteFile file) : ISqlDatabase
{
    // Reads are short; more at once would only take threads of the pool, which block on the disk.
    private const int MaxReaders = 4;

    private readonly SemaphoreSlim _places = new(MaxReaders);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];
    private SqliteWriter? _writer;
    private volatile bool _isClosed;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            file.Open().Dispose();
            _writer = new SqliteWriter(() => Begin(file.Connect(), "PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = 1000"));
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            SqliteClosedException.ThrowIf(_isClosed);
            return await Task.Run(() => ReadAsync(read), cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken) =>
        (_writer ?? throw new InvalidOperationException("The database has not been opened.")).WriteAsync(write, isDurable, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isClosed = true;
        if (_writer is not null)
        {
            await _writer.DisposeAsync();
        }

        while (_idle.TryTake(out var connection))
        {
            await connection.DisposeAsync();
        }
    }

    private static SqliteConnection Begin(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
        return connection;
    }

    private async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read)
    {
        var connection = _idle.TryTake(out var idle) ? idle : Begin(file.Connect(), "PRAGMA query_only = ON");
        var isSound = false;
        try
        {
            // One transaction, so that all statements see the same.
            await using var transaction = connection.BeginTransaction(deferred: true);
            var result = await read(new SqlSession(connection, transaction));
            await transaction.CommitAsync();
            isSound = true;
            return result;
        }
        finally
        {
            if (isSound && !_isClosed)
            {
                _idle.Add(connection);
            }
            else
            {
                await connection.DisposeAsync();
            }
        }
    }
}
