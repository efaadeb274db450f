using Microsoft.Data.Sqlite;
using Sluice.Limits;
using Sluice.Server.Access;
using Sluice.Server.Features;
using Sluice.Server.Limits;
using Sluice.Server.Storage;

namespace Sluice.Tests.Server.Storage;

public sealed class SqliteFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-file-").FullName;

    private string Database => Path.Combine(_folder, "below", "x.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Migrations_RunOnce_AndOnlyThoseThatAreNew()
    {
        using (File("CREATE TABLE a (x INTEGER)").Open())
        {
        }

        using var connection = File("CREATE TABLE a (x INTEGER)", "ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO a VALUES (1, 2)").Open();
        Assert.Equal(2L, Ask(connection, "PRAGMA user_version"));
        Assert.Equal(2L, Ask(connection, "SELECT y FROM a"));
        Assert.Equal("wal", Ask(connection, "PRAGMA journal_mode"));
    }

    [Fact]
    public void Hindrance_IsSaidWithTheFix_AndNoneWhereTheFileCanBeWritten()
    {
        Assert.Null(File("CREATE TABLE a (x INTEGER)").Hindrance());
        var below = new SqliteFile(Path.Combine(Database, "no-folder", "x.db"), "The database", "Sluice:X", ["CREATE TABLE a (x INTEGER)"]);
        Assert.Contains("set Sluice:X to a file in a directory that this user may write", below.Hindrance(), StringComparison.Ordinal);
    }

    [Fact]
    public void Migration_ThatFails_LeavesTheFileAsItWas()
    {
        using (File("CREATE TABLE a (x INTEGER)").Open())
        {
        }

        Assert.Throws<UsageException>(() => File("CREATE TABLE a (x INTEGER)", "CREATE TABLE b (x INTEGER); CREATE TABLE a (x INTEGER)").Open());
        using var connection = File("CREATE TABLE a (x INTEGER)").Open();
        Assert.Equal(0L, Ask(connection, "SELECT count(*) FROM sqlite_schema WHERE name = 'b'"));
    }

    [Fact]
    public void File_OfANewerVersion_IsRefusedInWords()
    {
        using (File("CREATE TABLE a (x INTEGER)", "CREATE TABLE b (x INTEGER)").Open())
        {
        }

        var problem = Assert.Throws<UsageException>(() => File("CREATE TABLE a (x INTEGER)").Open());
        Assert.Contains("newer version", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyAtOnce_MakeTheFileOnce()
    {
        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => File("CREATE TABLE a (x INTEGER)").Open())));
        Assert.All(opened, connection => connection.Dispose());
    }

    [Fact]
    public void File_IsForItsUserAlone()
    {
        using var connection = File("CREATE TABLE a (x INTEGER)").Open();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(Database));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, System.IO.File.GetUnixFileMode(Path.GetDirectoryName(Database)!));
        }
    }

    [Fact]
    public async Task Spending_OfTheFirstVersion_WhichHadNoNumber_IsRead()
    {
        Write("""
            PRAGMA journal_mode = WAL;
            CREATE TABLE spending (account TEXT NOT NULL, day TEXT NOT NULL, tokens INTEGER NOT NULL, cost INTEGER NOT NULL, PRIMARY KEY (account, day)) WITHOUT ROWID;
            INSERT INTO spending VALUES ('caller:a', '2026-11-01', 7, 1000000000);
            """);
        var spent = await new SqliteSpendingStore(Database).LoadAsync(new DateOnly(2026, 11, 1), TestContext.Current.CancellationToken);
        Assert.Equal(new Spending("caller:a", new DateOnly(2026, 11, 1), 7, 1), Assert.Single(spent));
    }

    [Fact]
    public void Keys_OfTheFirstVersion_AreRead()
    {
        Write("""
            CREATE TABLE keys (
                id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, name TEXT NOT NULL, owner TEXT NOT NULL, role TEXT NOT NULL,
                created INTEGER NOT NULL, expires INTEGER, revoked INTEGER, models TEXT,
                requests_per_minute INTEGER, tokens_per_minute INTEGER, concurrent_streams INTEGER, tokens_per_day INTEGER, tokens_per_month INTEGER,
                cost_per_day TEXT, cost_per_month TEXT) STRICT;
            INSERT INTO keys (id, hash, name, owner, role, created) VALUES ('key_1', x'01', 'ann', 'key_1', 'user', 0);
            PRAGMA user_version = 1;
            """);
        using var keys = ApiKeyDatabase.Open(Database);
        Assert.Equal("ann", Assert.Single(keys.All()).Key.Name);
    }

    private SqliteFile File(params string[] migrations) => new(Database, "The file", "Sluice:X", migrations);

    private void Write(string sql)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Database)!);
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
