using System.Data;
using System.Data.Common;
using Npgsql;
using Sluice.Server.Features;

namespace Sluice.Server.Storage;

/// <summary>A PostgreSQL database, which several servers may share. Its tables stand in a schema of their own, <c>sluice</c>, where the connection string names no other.</summary>
internal sealed class PostgresDatabase : ISqlDatabase
{
    private const string Schema = "sluice";
    private const string Setting = "Sluice:Conversations:ConnectionString";
    private const int MaxTries = 3;

    // Any number, the same for all servers: whoever upgrades the schema holds this lock.
    private const long UpgradeLock = 0x536C7569636531;

    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CommandLimit = TimeSpan.FromSeconds(10);

    private readonly NpgsqlDataSource _source;
    private readonly IReadOnlyList<string> _migrations;

    /// <param name="connectionString">How to reach it.</param>
    /// <param name="migrations">The schema, version by version.</param>
    /// <exception cref="UsageException">The connection string is none.</exception>
    public PostgresDatabase(string connectionString, IReadOnlyList<string> migrations)
    {
        _migrations = migrations;
        try
        {
            var builder = new NpgsqlSlimDataSourceBuilder(connectionString);
            var settings = builder.ConnectionStringBuilder;
            settings.SearchPath ??= Schema;
            settings.ApplicationName ??= "Sluice";
            settings.Timeout = connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase) ? settings.Timeout : (int)ConnectLimit.TotalSeconds;
            settings.CommandTimeout = connectionString.Contains("Timeout", StringComparison.OrdinalIgnoreCase) ? settings.CommandTimeout : (int)CommandLimit.TotalSeconds;
            builder.EnableTransportSecurity();
            _source = builder.Build();
            Where = $"the PostgreSQL database {settings.Database ?? settings.Username} of {settings.Host}";
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or FormatException)
        {
            // Of the text itself nothing is said: it may hold a password.
            throw new UsageException($"{Setting} (or ConnectionStrings:Sluice) is no connection string of PostgreSQL. Write it as Host=db;Database=sluice;Username=sluice;Password=... ({e.GetType().Name})");
        }
    }

    /// <summary>Where it is, in words without secrets.</summary>
    public string Where { get; }

    /// <inheritdoc/>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            var version = await WriteAsync(UpgradeAsync, isDurable: true, cancellationToken);
            if (version > _migrations.Count)
            {
                throw new UsageException($"The conversations in {Where} were written by a newer version of Sluice (schema {version}, this one knows {_migrations.Count}). Use that version.");
            }
        }
        catch (DbException e)
        {
            throw new UsageException($"{Where} cannot be used for conversations: {e.Message} Check {Setting} (or ConnectionStrings:Sluice): the user needs the right to create a schema, or to use the one that its Search Path names.");
        }
    }

    /// <inheritdoc/>
    public async Task<T> ReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await TryReadAsync(read, cancellationToken);
        }
        catch (Exception e) when (PostgresLostException.IsCause(e))
        {
            throw new PostgresLostException(e);
        }
    }

    /// <inheritdoc/>
    public async Task<T> WriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await TryWriteAsync(write, isDurable, cancellationToken);
            }
            catch (PostgresException e) when (tries < MaxTries && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Two that wanted the same in another order: this one was chosen to stand back.
            }
            catch (Exception e) when (PostgresLostException.IsCause(e))
            {
                throw new PostgresLostException(e);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private async Task<T> TryReadAsync<T>(Func<SqlSession, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);

        // So that all statements see the same.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var result = await read(new SqlSession(connection, transaction));
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task<T> TryWriteAsync<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var session = new SqlSession(connection, transaction);
        if (!isDurable)
        {
            await session.ExecuteAsync("SET LOCAL synchronous_commit = off");
        }

        var result = await write(session);
        await transaction.CommitAsync(CancellationToken.None);
        return result;
    }

    private async Task<long> UpgradeAsync(SqlSession session)
    {
        await session.ExecuteAsync("SELECT pg_advisory_xact_lock(@lock)", ("@lock", UpgradeLock));
        if (await session.NumberAsync("SELECT CASE WHEN current_schema() IS NULL THEN 0 ELSE 1 END") == 0)
        {
            await session.ExecuteAsync($"CREATE SCHEMA IF NOT EXISTS {Schema}");
        }

        await session.ExecuteAsync("CREATE TABLE IF NOT EXISTS sluice_version (version BIGINT NOT NULL)");
        var version = await session.NumberAsync("SELECT max(version) FROM sluice_version HAVING count(*) > 0") ?? 0;
        for (var next = version; next < _migrations.Count; next++)
        {
            await session.ExecuteAsync(_migrations[(int)next]);
            await session.ExecuteAsync("INSERT INTO sluice_version (version) VALUES (@version)", ("@version", next + 1));
        }

        return version;
    }
}
