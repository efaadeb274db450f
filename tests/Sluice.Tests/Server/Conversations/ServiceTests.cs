using Sluice.Server.Features;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>The store as a part of the server: where it is, and who else uses it.</summary>
public sealed class ServiceTests(PostgresServer postgres)
{
    private const string New = """{"conversation":"new","prompt":"hello"}""";

    [Fact]
    public async Task File_IsOpenedAgain()
    {
        await using var bench = await StartAsync();
        var asked = await bench.AskAsync(New);
        await bench.Host.StopAsync();
        await using var again = await bench.AgainAsync(Whole());
        Assert.Equal("A", (await again.GetAsync($"/v1/conversations/{asked.Conversation}")).GetProperty("messages")[1].GetProperty("content").GetString());
        Assert.Contains(again.Host.Log, record => record.Id.Id == 836 && record.Message.Contains(again.File, StringComparison.Ordinal));
    }

    [Fact]
    public async Task TwoServers_OfOneFile_LeaveEachOthersAnswersAlone()
    {
        await using var bench = await ConversationBench.StartAsync(new Script().Text("A").Hang());
        var (asked, response) = await bench.BeginAsync(New);
        await using (var other = await bench.AgainAsync(Whole()))
        {
            Assert.Equal("running", (await other.GetAsync($"/v1/conversations/{asked.Conversation}")).GetProperty("messages")[1].GetProperty("state").GetString());
            Assert.Equal(2, (await Both(other)).Length);

            async Task<string[]> Both(ConversationBench second)
            {
                await second.AskAsync(New);
                return [.. (await second.GetAsync("/v1/conversations")).GetProperty("data").EnumerateArray().Select(conversation => conversation.GetProperty("id").GetString()!)];
            }
        }

        response.Dispose();
    }

    [Theory]
    [InlineData("ConnectionStrings:Sluice")]
    [InlineData("Sluice:Conversations:ConnectionString")]
    public async Task ConnectionString_PostgresIsUsed(string setting)
    {
        var database = await postgres.NewSchemaAsync();
        await using var bench = await ConversationBench.StartAsync(Whole(), (setting, database));
        await using var other = await ConversationBench.StartAsync(Whole(), (setting, database));
        var asked = await bench.AskAsync(New);

        // Each server knows at once what has ended there; the other one, when it is stored.
        await bench.GetAsync($"/v1/conversations/{asked.Conversation}");
        await other.AskAsync($$"""{"conversation":"{{asked.Conversation}}","prompt":"more"}""");
        var conversation = await other.GetAsync($"/v1/conversations/{asked.Conversation}");
        Assert.Equal(["hello", "A", "more", "A"], conversation.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("content").GetString()));
        Assert.Single((await bench.GetAsync("/v1/conversations?q=hell")).GetProperty("data").EnumerateArray());
        Assert.False(File.Exists(bench.File));
        Assert.Contains(bench.Host.Log, record => record.Id.Id == 836 && record.Message.Contains("PostgreSQL", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("postgres://user:secret@host/db", "is no connection string")]
    [InlineData("Host=nowhere.invalid;Username=u;Password=secret;Database=d", "cannot be used")]
    [InlineData("Host=127.0.0.1;Port=1;Username=u;Password=secret;Database=d", "cannot be used")]
    public async Task ConnectionString_ThatLeadsNowhere_IsSaid_WithoutThePassword(string text, string words)
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => ConversationBench.StartAsync(Whole(), ("Sluice:Conversations:ConnectionString", text)));
        Assert.Contains(words, problem.Message, StringComparison.Ordinal);
        Assert.Contains("Sluice:Conversations:ConnectionString", problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_ThatCannotBe_IsSaid()
    {
        var problem = await Assert.ThrowsAsync<UsageException>(() => SluiceHost.StartAsync(Whole(), ("Sluice:Conversations:Database", "/dev/null/x/c.db")));
        Assert.Contains("Sluice:Conversations:Database", problem.Message, StringComparison.Ordinal);
    }

    private static Script Whole() => new Script().Text("A").Finish().Done();

    private static Task<ConversationBench> StartAsync() => ConversationBench.StartAsync(Whole());
}
