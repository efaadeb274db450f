using System.Data.Common;
using Microsoft.Extensions.Logging.Testing;
using Sluice.Chat;
using Sluice.Server.Conversations;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>What becomes of answers where the database fails for a while.</summary>
public sealed class KeeperTests(PostgresServer postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ending_ThatCannotBeStored_IsTriedAgain()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var (keeper, database, log) = Keeper(bench);
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
        Assert.Equal(1, await bench.Answers.RenewAsync(TimeSpan.FromMinutes(1), isAlone: false, keeper.IsLive, Token));
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

    private static (ConversationKeeper Keeper, FlakyDatabase Database, FakeLogger<ConversationKeeper> Log) Keeper(StoreBench bench)
    {
        var database = new FlakyDatabase(bench.Database);
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

    private sealed class SaidAnswer(params string[] pieces) : IKeptAnswer
    {
        private int _read;

        public bool IsDisposed { get; private set; }

        public string StreamId => "st_x";

        public string Model => "m";

        public bool HasEnded => false;

        public AnswerGrowth ReadOn() => new(IsReset: false, _read < pieces.Length ? pieces[_read++] : "", "");

        public AnswerGrowth ReadAnew() => new(IsReset: true, string.Concat(pieces.Take(_read)), "");

        public AnswerEnding ReadEnding() => new() { State = "done", Text = "said" };

        public void Cancel()
        {
        }

        public void Dispose() => IsDisposed = true;
    }
}
