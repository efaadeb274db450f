using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Server.Conversations;
using Sluice.Server.Storage;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>A store in one of the databases, without a server around it.</summary>
internal sealed class StoreBench : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice-store-").FullName;

    private StoreBench()
    {
    }

    public static TheoryData<string> Databases { get; } = ["sqlite", "postgres"];

    public FakeTimeProvider Time { get; } = new();

    public ISqlDatabase Database { get; private set; } = null!;

    public ConversationStore Store { get; private set; } = null!;

    public AnswerStore Answers { get; private set; } = null!;

    public static async Task<StoreBench> OpenAsync(string kind, PostgresServer postgres)
    {
        var bench = new StoreBench();
        bench.Database = kind == "sqlite"
            ? new SqliteDatabase(new SqliteFile(Path.Combine(bench._directory, "x.db"), "The file", "Sluice:X", SqliteSchema.Migrations))
            : new PostgresDatabase(await postgres.NewSchemaAsync(), PostgresSchema.Migrations);
        await bench.Database.OpenAsync(TestContext.Current.CancellationToken);
        bench.Store = new ConversationStore(bench.Database, kind == "sqlite" ? new SqliteSql() : new PostgresSql(), bench.Time);
        bench.Answers = bench.AnotherServer();
        return bench;
    }

    /// <summary>Another server that shares the database.</summary>
    public AnswerStore AnotherServer() => new(Store, Time);

    /// <summary>A turn that asks something.</summary>
    public ConversationTurn Turn(string question, string owner = "o", string? conversation = null, string? parent = null) => new(null!, Time)
    {
        ConversationId = conversation ?? ConversationId.NewConversation(),
        QuestionId = ConversationId.NewMessage(),
        Owner = owner,
        IsNew = conversation is null,
        Title = StoredText.Beginning(question, ConversationKeeper.MaxMadeTitle),
        Parent = parent,
        Question = StoredText.Clean(question),
        Messages = [],
    };

    /// <summary>Asks something, whose answer begins to run.</summary>
    public async Task<ConversationTurn> BeginAsync(string question, string owner = "o", string? conversation = null, string? parent = null, AnswerStore? server = null)
    {
        var turn = Turn(question, owner, conversation, parent);
        using var answer = new StillAnswer();
        Assert.True(await (server ?? Answers).BeginAsync(turn, answer, TestContext.Current.CancellationToken));
        return turn;
    }

    /// <summary>Asks something, and stores its answer.</summary>
    public async Task<ConversationTurn> AskAsync(string question, string answer, string owner = "o", string? conversation = null, string? parent = null)
    {
        var turn = await BeginAsync(question, owner, conversation, parent);
        Assert.True(await Answers.EndAsync(turn.AnswerId, new AnswerEnding { State = "done", Text = answer }, TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
        return turn;
    }

    public async Task<IReadOnlyList<Message>> MessagesAsync(string conversation, string owner = "o") => (await Store.GetAsync(owner, conversation, TestContext.Current.CancellationToken))!.Value.Messages;

    public async Task<IReadOnlyList<SearchHit>> SearchAsync(string query, string owner = "o") => (await Store.SearchAsync(owner, SearchQuery.Parse(query), 30, null, TestContext.Current.CancellationToken))!.Value.Hits;

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>An answer of which nothing comes.</summary>
    internal sealed class StillAnswer : IKeptAnswer
    {
        public string StreamId => "st_x";

        public string Model => "m";

        public bool HasEnded => false;

        public AnswerGrowth ReadOn() => new(IsReset: false, "", "");

        public AnswerGrowth ReadAnew() => new(IsReset: true, "", "");

        public AnswerEnding ReadEnding() => throw new InvalidOperationException("It does not end.");

        public void Cancel()
        {
        }

        public void Dispose()
        {
        }
    }
}
