using Sluice.Chat;
using Sluice.Server.Access;
using Sluice.Server.Commands;

namespace Sluice.Tests.Server.Commands;

public sealed class KeysCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice").FullName;

    private string Database => Path.Combine(_directory, "keys.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Create_ShowsTheKeyOnceAndKeepsItsHash()
    {
        var (exit, output, error) = await RunAsync(
            "create", "--name", "Ann's laptop", "--expires", "30d", "--model", "chat", "--model", "bella/gpt-4o", "--role", "viewer", "--requests-per-minute", "60", "--tokens-per-minute", "1000",
            "--concurrent-streams", "4", "--tokens-per-day", "5000000000", "--tokens-per-month", "6000000000", "--cost-per-day", "1.25", "--cost-per-month", "20");
        Assert.Equal(ExitCode.Done, exit);
        var text = output.TrimEnd();
        Assert.Matches("^sk-sluice-[A-Za-z0-9_-]{43}$", text);
        Assert.DoesNotContain(text, error, StringComparison.Ordinal);
        using var database = ApiKeyDatabase.Open(Database);
        var (key, hash) = Assert.Single(database.All());
        Assert.Equal(ApiKeyText.HashOf(text), hash);
        Assert.Equal(("Ann's laptop", Role.Viewer, key.Id), (key.Name, key.Role, key.Owner));
        Assert.InRange(key.Expires!.Value, key.Created.AddDays(29), key.Created.AddDays(30));
        Assert.Equal(["chat", "bella/gpt-4o"], key.Models!);
        Assert.Equal(new CallerLimits
        {
            RequestsPerMinute = 60, TokensPerMinute = 1000, ConcurrentStreams = 4, TokensPerDay = 5_000_000_000, TokensPerMonth = 6_000_000_000, CostPerDay = 1.25m, CostPerMonth = 20,
        }, key.Limits);
        var list = (await RunAsync("list")).Output;
        Assert.All([key.Id, "\"Ann's laptop\"", "viewer", "active until", "models chat,bella/gpt-4o", "requests/min 60", "cost/day 1.25"], part => Assert.Contains(part, list, StringComparison.Ordinal));
        Assert.DoesNotContain(text, list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_PlainKey_IsAUsersWithoutAnyBound()
    {
        await RunAsync("create", "--name", "a");
        using var database = ApiKeyDatabase.Open(Database);
        var (key, _) = Assert.Single(database.All());
        Assert.Equal(new ApiKeyRecord { Id = key.Id, Name = "a", Owner = key.Id, Created = key.Created }, key);
    }

    [Fact]
    public async Task Create_ForAnothersOwner_SharesIt()
    {
        await RunAsync("create", "--name", "a");
        using var database = ApiKeyDatabase.Open(Database);
        var first = Assert.Single(database.All()).Key;
        Assert.Equal(ExitCode.Done, (await RunAsync("create", "--name", "b", "--owner", first.Id)).Exit);
        Assert.Equal(first.Id, database.All()[1].Key.Owner);
        var (exit, output, error) = await RunAsync("create", "--name", "c", "--owner", "key_none");
        Assert.Equal((ExitCode.Failed, ""), (exit, output));
        Assert.Contains("There is no key key_none.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Create_ForAnothersOwner_TakesOverItsLimitsAndModels_ExceptForWhatIsGiven()
    {
        await RunAsync("create", "--name", "a", "--model", "chat", "--requests-per-minute", "60", "--concurrent-streams", "4", "--cost-per-month", "20");
        using var database = ApiKeyDatabase.Open(Database);
        var first = Assert.Single(database.All()).Key;
        var (_, _, error) = await RunAsync("create", "--name", "b", "--owner", first.Id);
        await RunAsync("create", "--name", "c", "--owner", first.Id, "--model", "other", "--requests-per-minute", "5", "--tokens-per-day", "7");
        var keys = database.All();
        Assert.Contains($"Limits and models are those of {first.Id}, except for what was given here.", error, StringComparison.Ordinal);
        Assert.Contains("models chat  requests/min 60  streams 4  cost/month 20", error, StringComparison.Ordinal);
        Assert.Equal(first.Limits, keys[1].Key.Limits);
        Assert.Equal(["chat"], keys[1].Key.Models!);
        Assert.Equal(new CallerLimits { RequestsPerMinute = 5, ConcurrentStreams = 4, TokensPerDay = 7, CostPerMonth = 20 }, keys[2].Key.Limits);
        Assert.Equal(["other"], keys[2].Key.Models!);
    }

    [Fact]
    public async Task Revoke_IsSeenInTheList()
    {
        await RunAsync("create", "--name", "a");
        string id;
        using (var database = ApiKeyDatabase.Open(Database))
        {
            id = Assert.Single(database.All()).Key.Id;
        }

        Assert.Equal(ExitCode.Done, (await RunAsync("revoke", id)).Exit);
        Assert.Contains("revoked 20", (await RunAsync("list")).Output, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, (await RunAsync("revoke", "key_none")).Exit);
    }

    [Fact]
    public async Task List_WithoutAKey_SaysHowToMakeOne()
    {
        var (exit, output, error) = await RunAsync("list");
        Assert.Equal((ExitCode.Done, ""), (exit, output));
        Assert.Contains("sluice keys create --name me", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("create --name")]
    [InlineData("create --name a --expires never")]
    [InlineData("create --name a --expires 0d")]
    [InlineData("create --name a --expires 1999-01-01")]
    [InlineData("create --name a --role king")]
    [InlineData("create --name a --requests-per-minute 0")]
    [InlineData("create --name a --cost-per-day -1")]
    [InlineData("revoke")]
    public async Task WrongUsage_Is2AndPointsToTheHelp(string line)
    {
        var (exit, output, error) = await RunAsync(line.Split(' '));
        Assert.Equal((ExitCode.Usage, ""), (exit, output));
        Assert.Contains($"Try: sluice keys {line.Split(' ')[0]} --help", error, StringComparison.Ordinal);
        Assert.False(File.Exists(Database));
    }

    [Fact]
    public async Task Database_ThatCannotBeUsed_Is2()
    {
        File.WriteAllText(Database, "This is no database, whatever its name says of it.");
        var (exit, _, error) = await RunAsync("list");
        Assert.Equal(ExitCode.Usage, exit);
        Assert.Contains("Sluice:Access:Keys:Database", error, StringComparison.Ordinal);
    }

    private async Task<(int Exit, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var exit = await CommandLine.RunAsync(
            ["keys", .. args, "--database", Database], static (_, _) => throw new InvalidOperationException(), static (_, _) => throw new InvalidOperationException(), output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }
}
