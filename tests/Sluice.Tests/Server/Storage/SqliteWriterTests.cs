using Microsoft.Data.Sqlite;
using Sluice.Server.Storage;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Storage;

public sealed class SqliteWriterTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sluice-writer-").FullName;
    private readonly SqliteDatabase _database;

    public SqliteWriterTests() => _database = new SqliteDatabase(new SqliteFile(Path.Combine(_folder, "x.db"), "The file", "Sluice:X", ["CREATE TABLE a (x INTEGER PRIMARY KEY)"]));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Failure_ThatTakesBackAllThatIsWrittenTogether_IsToldToAll()
    {
        await _database.OpenAsync(Token);
        var (begun, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = WriteAsync(async session =>
        {
            begun.SetResult();
            await go.Task;
            return await session.ExecuteAsync("INSERT INTO a VALUES (1)");
        });
        await begun.Task.Soon();

        // These wait, so they are written together.
        var before = WriteAsync(session => session.ExecuteAsync("INSERT INTO a VALUES (2)"));
        var broken = WriteAsync(session => session.ExecuteAsync("INSERT OR ROLLBACK INTO a VALUES (1)"));
        var behind = WriteAsync(session => session.ExecuteAsync("INSERT INTO a VALUES (3)"));
        go.SetResult();
        await first.Soon();
        foreach (var write in new[] { before, broken, behind })
        {
            Assert.Equal(19, (await Assert.ThrowsAsync<SqliteException>(() => write.Soon())).SqliteErrorCode);
        }

        await WriteAsync(session => session.ExecuteAsync("INSERT INTO a VALUES (4)")).Soon();
        Assert.Equal([1, 4], await _database.ReadAsync(session => session.ListAsync("SELECT x FROM a ORDER BY x", static row => row.GetInt32(0)), Token));
    }

    private Task<int> WriteAsync(Func<SqlSession, Task<int>> write) => _database.WriteAsync(write, isDurable: true, Token);
}
