using System.Data.Common;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Testing;
using Sluice.Chat;
using Sluice.Endpoints;
using Sluice.Server.Conversations;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>What becomes of answers where the database fails for a while.</summary>
public sealed class KeeperTests(PostgresServer postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ending_ThatCannotBeStored_IsTriedAgain(bool isDatabase)
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var (keeper, database, log) = Keeper(bench, isDatabase ? null : new InvalidOperationException("Something else."));
        var turn = await BeginAsync(keeper, new SaidAnswer());
        database.Failures = 3;
        turn.End();
        await StoredAsync(bench, turn);
        Assert.Equal(("done", "said"), ((await bench.MessagesAsync(turn.ConversationId, ""))[1].State, (await bench.MessagesAsync(turn.ConversationId, ""))[1].Content));
        Assert.Equal(3, database.Failed);
        Assert.Equal([831, 831, 831], log.Collector.GetSnapshot().Select(record => record.Id.Id));
        Assert.Empty(keeper.Live);
    }

    [Fact]
    public async Task Ending_ThatCanNeverBeStored_IsInterruptedOnceTheDatabaseIsBack()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var (keeper, database, log) = Keeper(bench);
        var answer = new SaidAnswer();
        var turn = await BeginAsync(keeper, answer);
        database.Failures = int.MaxValue;
        turn.End();
        await StoredAsync(bench, turn);
        Assert.True(answer.IsDisposed);
        Assert.Equal(832, log.LatestRecord.Id.Id);
        database.Failures = 0;
        Assert.Equal(1, await bench.Answers.JudgeAsync(OtherServers.Leased, keeper.IsLive, Token));
        Assert.Equal("interrupted", (await bench.MessagesAsync(turn.ConversationId, ""))[1].ErrorCode);
    }

    [Fact]
    public async Task Question_ThatCannotBeStored_IsSaid_AndLeavesNothing()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var (keeper, database, _) = Keeper(bench);
        database.Failures = 1;
        var answer = new SaidAnswer();
        var error = await Assert.ThrowsAsync<ChatProviderException>(() => BeginAsync(keeper, answer));
        Assert.Equal(ChatErrorKind.Unavailable, error.Kind);
        Assert.True(answer.IsDisposed);
        Assert.Empty(keeper.Live);
    }

    [Fact]
    public async Task Growth_ThatCannotBeStored_IsStoredTheNextTime_WithAllBefore()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var (keeper, database, _) = Keeper(bench);
        var turn = await BeginAsync(keeper, new SaidAnswer("a", "b", "c"));
        await keeper.CheckpointAsync(Token);
        database.Failures = 1;
        await Assert.ThrowsAnyAsync<DbException>(() => keeper.CheckpointAsync(Token));
        await keeper.CheckpointAsync(Token);
        Assert.Equal("ab", (await bench.MessagesAsync(turn.ConversationId, ""))[1].Content);
        await keeper.CheckpointAsync(Token);
        Assert.Equal("abc", (await bench.MessagesAsync(turn.ConversationId, ""))[1].Content);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Answer_WhoseConversationWasDeleted_IsStopped(string kind)
    {
        await using var bench = await StoreBench.OpenAsync(kind, postgres);
        var keeper = new ConversationKeeper(bench.Store, bench.Answers, bench.Time, new FakeLogger<ConversationKeeper>());
        var (deleted, kept) = (new SaidAnswer("a", "b"), new SaidAnswer("a", "b"));
        var turn = await BeginAsync(keeper, deleted);
        await BeginAsync(keeper, kept);
        await keeper.CheckpointAsync(Token);
        Assert.False(deleted.IsCancelled);
        Assert.Equal(1, await bench.Store.DeleteAsync(Caller.Anonymous.Id, turn.ConversationId, Token));
        await keeper.CheckpointAsync(Token);
        Assert.True(deleted.IsCancelled);
        Assert.False(kept.IsCancelled);
        turn.End();
        await turn.Stored.Soon();
        Assert.Single(keeper.Live);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_ThatFails_StopsNothing(bool isAll)
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var (keeper, database, _) = Keeper(bench);
        var answer = new SaidAnswer();
        var turn = await BeginAsync(keeper, answer);
        var endpoints = new ConversationEndpoints(keeper, new EndpointOptions(), new FakeLogger<ConversationEndpoints>());
        database.Failures = 1;
        Assert.Equal(503, await DeleteAsync());
        Assert.False(answer.IsCancelled);
        Assert.Equal(204, await DeleteAsync());
        Assert.True(answer.IsCancelled);

        async Task<int> DeleteAsync()
        {
            var context = new DefaultHttpContext();
            context.Request.RouteValues["id"] = turn.ConversationId;
            await (isAll ? endpoints.DeleteAllAsync(context) : endpoints.DeleteAsync(context));
            return context.Response.StatusCode;
        }
    }

    private static (ConversationKeeper Keeper, FlakyDatabase Database, FakeLogger<ConversationKeeper> Log) Keeper(StoreBench bench, Exception? failure = null)
    {
        var database = failure is null ? new FlakyDatabase(bench.Database) : new FlakyDatabase(bench.Database) { Failure = failure };
        var store = new ConversationStore(database, new SqliteSql(), bench.Time);
        var log = new FakeLogger<ConversationKeeper>();
        return (new ConversationKeeper(store, new AnswerStore(store, bench.Time), bench.Time, log), database, log);
    }

    private static async Task<ConversationTurn> BeginAsync(ConversationKeeper keeper, IKeptAnswer answer)
    {
        var turn = await keeper.PrepareAsync(Caller.Anonymous, new ConversationPlace(ConversationPlace.New, null, null), "q", Token);
        await turn.BeginAsync(answer);
        return (ConversationTurn)turn;
    }

    // The pauses between two tries pass.
    private static async Task StoredAsync(StoreBench bench, ConversationTurn turn)
    {
        using var limit = new CancellationTokenSource(Within.Bound);
        while (!turn.Stored.IsCompleted)
        {
            limit.Token.ThrowIfCancellationRequested();
            bench.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
