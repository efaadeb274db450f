using Microsoft.Data.Sqlite;
using Sluice.Chat;
using Sluice.Server.Access;
using Sluice.Server.Features;

namespace Sluice.Tests.Server.Access;

public sealed class ApiKeyDatabaseTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly string _directory = Directory.CreateTempSubdirectory("sluice").FullName;

    private string Database => Path.Combine(_directory, "below", "keys.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Key_ComesBackAsItWas()
    {
        var full = new ApiKeyRecord
        {
            Id = "key_1",
            Name = "Ann 你好",
            Owner = "key_0",
            Role = Role.Admin,
            Created = Now,
            Expires = Now.AddDays(1),
            Models = ["chat", "bella/gpt-4o"],
            Limits = new CallerLimits
            {
                RequestsPerMinute = 1, TokensPerMinute = 2, ConcurrentStreams = 3, TokensPerDay = 4_000_000_000, TokensPerMonth = 5_000_000_000, CostPerDay = 0.1m, CostPerMonth = 12345.678901m,
            },
        };
        var plain = new ApiKeyRecord { Id = "key_2", Name = "b", Owner = "key_2", Created = Now };
        using (var database = ApiKeyDatabase.Open(Database))
        {
            database.Add(full, ApiKeyText.HashOf("x"));
            database.Add(plain, ApiKeyText.HashOf("y"));
        }

        using var again = ApiKeyDatabase.Open(Database);
        var all = again.All();
        Assert.Equal(full.Models, all[0].Key.Models);
        Assert.Equal(full, all[0].Key with { Models = full.Models });
        Assert.Equal(ApiKeyText.HashOf("x"), all[0].Hash);
        Assert.Equal(plain, all[1].Key);
    }

    [Fact]
    public void Revoke_HoldsAndKeepsTheFirstTime()
    {
        using var database = ApiKeyDatabase.Open(Database);
        database.Add(new ApiKeyRecord { Id = "key_1", Name = "a", Owner = "key_1", Created = Now }, ApiKeyText.HashOf("x"));
        Assert.True(database.Revoke("key_1", Now));
        Assert.True(database.Revoke("key_1", Now.AddDays(1)));
        Assert.False(database.Revoke("key_2", Now));
        var key = Assert.Single(database.All()).Key;
        Assert.Equal(Now, key.Revoked);
        Assert.Equal(ApiKeyState.Revoked, key.StateAt(Now));
    }

    [Fact]
    public void Version_ChangesWithWhatAnotherProcessWrites()
    {
        using var watching = ApiKeyDatabase.Open(Database);
        using var writing = ApiKeyDatabase.Open(Database);
        var before = watching.Version();
        Assert.Equal(before, watching.Version());
        writing.Add(new ApiKeyRecord { Id = "key_1", Name = "a", Owner = "key_1", Created = Now }, ApiKeyText.HashOf("x"));
        Assert.NotEqual(before, watching.Version());
    }

    [Fact]
    public void File_IsForItsUserAlone()
    {
        using var database = ApiKeyDatabase.Open(Database);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Database));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(Database)!));
        }
    }

    [Fact]
    public void File_OfANewerVersionOrOfSomethingElse_IsRefusedInWords()
    {
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(_directory, "new.db")};Pooling=false"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 2";
            command.ExecuteNonQuery();
        }

        File.WriteAllText(Path.Combine(_directory, "text.db"), "This is no database, whatever its name says of it.");
        Assert.Contains("newer version", Assert.Throws<UsageException>(() => ApiKeyDatabase.Open(Path.Combine(_directory, "new.db"))).Message, StringComparison.Ordinal);
        Assert.Contains("Sluice:Access:Keys:Database", Assert.Throws<UsageException>(() => ApiKeyDatabase.Open(Path.Combine(_directory, "text.db"))).Message, StringComparison.Ordinal);
        Assert.Contains("Sluice:Access:Keys:Database", Assert.Throws<UsageException>(() => ApiKeyDatabase.Open(_directory)).Message, StringComparison.Ordinal);
    }
}
