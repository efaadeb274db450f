using System.Globalization;
using Microsoft.Data.Sqlite;
using Sluice.Chat;
using Sluice.Server.Storage;

namespace Sluice.Server.Access;

/// <summary>API keys in a SQLite file. Of a key itself there is only its SHA-256.</summary>
/// <remarks>One connection, for one thread at a time. Calls block on the disk: never from a request.</remarks>
internal sealed class ApiKeyDatabase : IDisposable
{
    private const string Columns =
        "id, hash, name, owner, role, created, expires, revoked, models, requests_per_minute, tokens_per_minute, concurrent_streams, tokens_per_day, tokens_per_month, cost_per_day, cost_per_month";

    private static readonly string[] Migrations =
    [
        """
        CREATE TABLE keys (
            id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL, role TEXT NOT NULL,
            created INTEGER NOT NULL, expires INTEGER, revoked INTEGER, models TEXT,
            requests_per_minute INTEGER, tokens_per_minute INTEGER, concurrent_streams INTEGER, tokens_per_day INTEGER, tokens_per_month INTEGER,
            cost_per_day TEXT, cost_per_month TEXT) STRICT;
        """,
    ];

    private readonly SqliteConnection _connection;

    private ApiKeyDatabase(SqliteConnection connection) => _connection = connection;

    /// <summary>Opens the file, or makes it, readable for this user alone.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="Features.UsageException">It cannot be used.</exception>
    public static ApiKeyDatabase Open(string path) => new(new SqliteFile(path, "The keys' database", "Sluice:Access:Keys:Database", Migrations).Open());

    /// <summary>Changes whenever another process has changed the file.</summary>
    public long Version() => (long)Command("PRAGMA data_version").ExecuteScalar()!;

    /// <summary>Keeps a new key.</summary>
    /// <param name="key">What is known of it.</param>
    /// <param name="hash">Its SHA-256.</param>
    public void Add(ApiKeyRecord key, byte[] hash)
    {
        var limits = key.Limits ?? new CallerLimits();
        object?[] values =
        [
            key.Id, hash, key.Name, key.Owner, RoleNames.Of(key.Role), key.Created.ToUnixTimeMilliseconds(), key.Expires?.ToUnixTimeMilliseconds(), key.Revoked?.ToUnixTimeMilliseconds(),
            key.Models is null ? null : string.Join('\n', key.Models), limits.RequestsPerMinute, limits.TokensPerMinute, limits.ConcurrentStreams, limits.TokensPerDay, limits.TokensPerMonth,
            limits.CostPerDay?.ToString(CultureInfo.InvariantCulture), limits.CostPerMonth?.ToString(CultureInfo.InvariantCulture),
        ];
        using var insert = Command($"INSERT INTO keys ({Columns}) VALUES ({string.Join(", ", values.Select((_, i) => $"$p{i}"))})");
        for (var i = 0; i < values.Length; i++)
        {
            insert.Parameters.AddWithValue($"$p{i}", values[i] ?? DBNull.Value);
        }

        insert.ExecuteNonQuery();
    }

    /// <summary>Takes a key back. What was taken back before stays as it is.</summary>
    /// <returns>Whether there is such a key.</returns>
    public bool Revoke(string id, DateTimeOffset now)
    {
        using var update = Command("UPDATE keys SET revoked = coalesce(revoked, $now) WHERE id = $id");
        update.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        update.Parameters.AddWithValue("$id", id);
        return update.ExecuteNonQuery() == 1;
    }

    /// <summary>All keys, the oldest first.</summary>
    public IReadOnlyList<(ApiKeyRecord Key, byte[] Hash)> All()
    {
        var keys = new List<(ApiKeyRecord, byte[])>();
        using var select = Command($"SELECT {Columns} FROM keys ORDER BY created, id");
        using var row = select.ExecuteReader();
        while (row.Read())
        {
            keys.Add((Read(row), row.GetFieldValue<byte[]>(1)));
        }

        return keys;
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private static ApiKeyRecord Read(SqliteDataReader row)
    {
        var limits = new CallerLimits
        {
            RequestsPerMinute = (int?)Number(row, 9),
            TokensPerMinute = (int?)Number(row, 10),
            ConcurrentStreams = (int?)Number(row, 11),
            TokensPerDay = Number(row, 12),
            TokensPerMonth = Number(row, 13),
            CostPerDay = Money(row, 14),
            CostPerMonth = Money(row, 15),
        };
        return new ApiKeyRecord
        {
            Id = row.GetString(0),
            Name = row.GetString(2),
            Owner = row.GetString(3),
            Role = RoleNames.Parse(row.GetString(4)) ?? Role.Viewer,
            Created = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
            Expires = Number(row, 6) is { } expires ? DateTimeOffset.FromUnixTimeMilliseconds(expires) : null,
            Revoked = Number(row, 7) is { } revoked ? DateTimeOffset.FromUnixTimeMilliseconds(revoked) : null,
            Models = row.IsDBNull(8) ? null : row.GetString(8).Split('\n'),
            Limits = limits == new CallerLimits() ? null : limits,
        };
    }

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static decimal? Money(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : decimal.Parse(row.GetString(column), CultureInfo.InvariantCulture);

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
