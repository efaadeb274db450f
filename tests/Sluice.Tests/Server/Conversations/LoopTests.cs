using Microsoft.Extensions.Logging.Testing;
using Sluice.Chat;
using Sluice.Server.Conversations;
using Sluice.Server.Storage;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>What the store does every second, whatever the database says.</summary>
public sealed class LoopTests(PostgresServer postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Failure_ThatIsNoDatabases_EndsNothing()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var database = new FlakyDatabase(bench.Database) { Failure = new InvalidOperationException("Something else.") };
        var (keeper, service, log) = Service(bench, database);
        await using var closing = service;
        await service.StartAsync(Token);
        var turn = await BeginAsync(keeper, new SaidAnswer("a", "b"));
        database.Failures = 3;
        await UntilAsync(bench, async () => (await bench.MessagesAsync(turn.ConversationId, ""))[1].Content == "ab");
        Assert.Equal(3, database.Failed);
        Assert.Equal(1, log.Collector.GetSnapshot().Count(record => record.Id.Id == 834));
    }

    [Fact]
    public async Task Lease_IsRenewed_WhereCheckpointsFail()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var database = new FlakyDatabase(bench.Database) { FailsCheckpoints = true };
        var (keeper, service, _) = Service(bench, database);
        await using var closing = service;
        await service.StartAsync(Token);
        await BeginAsync(keeper, new SaidAnswer("a"));
        var before = database.Durable;
        await UntilAsync(bench, () => Task.FromResult(database.Durable >= before + 4));
    }

    [Fact]
    public async Task Texts_AreNotReadAnew_UntilTheDatabaseIsBack()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var database = new FlakyDatabase(bench.Database);
        var (keeper, service, _) = Service(bench, database);
        await using var closing = service;
        await service.StartAsync(Token);
        var answer = new SaidAnswer("a", "b", "c");
        var turn = await BeginAsync(keeper, answer);
        database.Failures = 20;
        await UntilAsync(bench, async () => (await bench.MessagesAsync(turn.ConversationId, ""))[1].Content == "abc");
        Assert.Equal(20, database.Failed);
        Assert.InRange(answer.ReadsAnew, 0, 1);
    }

    [Fact]
    public async Task OtherServers_AreJudged_OnlyByOneThatHasHeldItsOwnLease()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var dead = bench.AnotherServer();
        await dead.RenewAsync(TimeSpan.FromMinutes(-1), Token);
        var lost = await bench.BeginAsync("q", server: dead);
        var database = new FlakyDatabase(bench.Database);
        var (_, service, _) = Service(bench, database);
        await using var closing = service;
        await service.StartAsync(Token);
        await RoundAsync();
        await RoundAsync();
        await RoundAsync();
        Assert.Equal("running", (await bench.MessagesAsync(lost.ConversationId))[1].State);
        await RoundAsync();
        await UntilAsync(async () => (await bench.MessagesAsync(lost.ConversationId))[1].ErrorCode == "interrupted");

        // Five seconds: the lease is renewed, then the others are judged.
        Task RoundAsync()
        {
            var before = database.Durable;
            bench.Time.Advance(TimeSpan.FromSeconds(5));
            return Within.UntilAsync(() => database.Durable == before + 2);
        }
    }

    private static (ConversationKeeper Keeper, ConversationService Service, FakeLogger<ConversationService> Log) Service(StoreBench bench, FlakyDatabase database)
    {
        var store = new ConversationStore(database, new SqliteSql(), bench.Time);
        var answers = new AnswerStore(store, bench.Time);
        var keeper = new ConversationKeeper(store, answers, bench.Time, new FakeLogger<ConversationKeeper>());
        var log = new FakeLogger<ConversationService>();
        return (keeper, new ConversationService(keeper, store, answers, new ServerLock(null, "here"), bench.Time, log), log);
    }

    private static async Task<ConversationTurn> BeginAsync(ConversationKeeper keeper, IKeptAnswer answer)
    {
        var turn = await keeper.PrepareAsync(Caller.Anonymous, new ConversationPlace(ConversationPlace.New, null, null), "q", Token);
        await turn.BeginAsync(answer);
        return (ConversationTurn)turn;
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = new CancellationTokenSource(Within.Bound);
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    // Seconds pass meanwhile.
    private static Task UntilAsync(StoreBench bench, Func<Task<bool>> holds) => UntilAsync(async () =>
    {
        bench.Time.Advance(ConversationService.Interval);
        return await holds();
    });
}
