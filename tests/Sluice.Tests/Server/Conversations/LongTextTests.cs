using System.Data.Common;
using Sluice.Server.Conversations;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>What long texts may cost those who wait behind them.</summary>
public sealed class LongTextTests(PostgresServer postgres)
{
    public static TheoryData<string> Databases => StoreBench.Databases;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task LongText_IsKeptWhole_AndItsBeginningIsFound(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var text = "haystack " + new string('-', SearchText.MaxIndexed) + " needle";
        var turn = await bench.AskAsync("q", text);
        Assert.Single(await bench.SearchAsync("haystack"));
        Assert.Empty(await bench.SearchAsync("needle"));
        Assert.Equal(text, (await bench.MessagesAsync(turn.ConversationId))[1].Content);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task LongText_IsNotReadBehindWhatIsSearched(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        await bench.AskAsync("q", "haystack " + new string('-', SearchText.MaxIndexed) + " needle");

        // As it was found before there was a limit.
        await bench.Database.WriteAsync(
            async session =>
            {
                var place = (await session.NumberAsync("SELECT max(place) FROM message"))!.Value;
                await ConversationWrites.IndexAsync(session, bench.Store.Sql, ConversationSql.OfMessage(place), [.. bench.Store.Sql.Index("needle")]);
                return place;
            },
            isDurable: false, Token);
        var hit = Assert.Single(await bench.SearchAsync("needle"));
        Assert.StartsWith("haystack", hit.Snippet, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_AreWorkedOut_BeforeTheWriteIsQueued()
    {
        await using var bench = await StoreBench.OpenAsync("sqlite", postgres);
        var sql = new CountingSql();
        var store = new ConversationStore(new FlakyDatabase(bench.Database) { Failures = 1 }, sql, bench.Time);
        Message[] messages = [new() { Id = ConversationId.NewMessage(), Role = Message.User, Content = new string('a', SearchText.MaxIndexed * 2) }];
        await Assert.ThrowsAnyAsync<DbException>(() => store.CreateAsync("o", "t", messages, head: null, Token));
        Assert.Equal([SearchText.MaxIndexed], sql.Lengths);
        await store.CreateAsync("o", "t", messages, head: null, Token);
        Assert.Equal([SearchText.MaxIndexed, SearchText.MaxIndexed, 1], sql.Lengths);
    }

    private sealed class CountingSql : ConversationSql
    {
        private readonly SqliteSql _sql = new();

        public List<int> Lengths { get; } = [];

        public override string Now => _sql.Now;

        public override string ForUpdate => _sql.ForUpdate;

        public override string Source => _sql.Source;

        public override IEnumerable<(string Sql, string Words)> Index(string text)
        {
            Lengths.Add(text.Length);
            return _sql.Index(text);
        }

        public override (string Sql, (string Name, object? Value)[] Values) Find(SearchQuery query) => _sql.Find(query);
    }
}
