using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Sluice.Chat;
using Sluice.Hosting;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Hosting;

public sealed class RoutingTableFactoryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Script _script = new();

    [Fact]
    public void Create_Nothing_TheGuideServes()
    {
        var table = Create("{}");
        Assert.Equal("guide", table.DefaultModel);
        var target = Assert.Single(table.Find(null)!.Targets);
        Assert.Equal(("guide", "guide"), (target.ProviderName, target.Model));
    }

    [Theory]
    [InlineData("""{"Providers":{"a":{"Type":"guide"}}}""", "a")]
    [InlineData("""{"Providers":{"a":{"Type":"guide"}},"Models":{"m":{"Targets":[{"Provider":"a"}]}}}""", "m")]
    [InlineData("""{"DefaultModel":"a/x","Providers":{"a":{"Type":"guide"}},"Models":{"m":{"Targets":[{"Provider":"a"}]}}}""", "a/x")]
    public void Create_DefaultModel_IsChosen(string json, string model)
    {
        var table = Create(json);
        Assert.Equal(model, table.DefaultModel);
        Assert.NotNull(table.Find(null));
    }

    [Fact]
    public void Create_Hedge_IsOffUnlessEnabled()
    {
        var table = Create("""
            {"Providers":{"a":{"Type":"guide"},"b":{"Type":"guide"}},"Models":{
            "on":{"Hedge":{"Enabled":true,"Delay":"00:00:02","MaxPercent":1},"Targets":[{"Provider":"a"},{"Provider":"b"}]},
            "off":{"Hedge":{"Delay":"00:00:02"},"Targets":[{"Provider":"a"},{"Provider":"b"}]}}}
            """);
        Assert.Null(table.Find("off")!.Hedging);
        var hedging = table.Find("on")!.Hedging!;
        Assert.Equal(TimeSpan.FromSeconds(2), hedging.DelayFor(table.Find("on")!.Targets[0]));
        for (var i = 0; i < 99; i++)
        {
            hedging.Budget.Asked();
        }

        Assert.False(hedging.Budget.TryTake());
        hedging.Budget.Asked();
        Assert.True(hedging.Budget.TryTake());
    }

    [Fact]
    public void Find_Names_LeadWhereTheySay()
    {
        var table = Create("""{"Providers":{"a":{"Type":"guide","Model":"am"},"b":{"Type":"guide"}},"Models":{"m":{"Targets":[{"Provider":"A","Model":"x"},{"Provider":"b"}]},"n":{"Targets":[{"Provider":"a"}]}}}""");
        Assert.Equal(["x", "guide"], table.Find("m")!.Targets.Select(target => target.Model));
        Assert.Equal("am", table.Find("n")!.Targets[0].Model);
        Assert.Equal("am", table.Find("a")!.Targets[0].Model);
        Assert.Equal("y/z", table.Find("b/y/z")!.Targets[0].Model);
        Assert.Null(table.Find("M"));
        Assert.Null(table.Find("c/x"));
        Assert.Null(table.Find("a/"));
        Assert.Null(table.Find("/a"));
    }

    [Fact]
    public void Create_Again_KeepsWhatDidNotChange()
    {
        var builder = new SluiceBuilder(new ServiceCollection(), SettingsSection.FromJson("{}"));
        var factory = Factory(builder);
        const string Before = """{"Providers":{"a":{"BaseUrl":"http://h/v1","ApiKey":"k"},"b":{"BaseUrl":"http://h/v1"}}}""";
        var first = factory.Create(SettingsSection.Read(Before));
        var same = factory.Create(SettingsSection.Read(Before));
        Assert.Same(first.Upstreams["a"].Directory, same.Upstreams["a"].Directory);
        Assert.Same(first.Upstreams["b"].Directory, same.Upstreams["b"].Directory);

        var changed = factory.Create(SettingsSection.Read(Before.Replace("\"k\"", "\"k2\"", StringComparison.Ordinal)));
        Assert.NotSame(first.Upstreams["a"].Directory, changed.Upstreams["a"].Directory);
        Assert.Same(first.Upstreams["b"].Directory, changed.Upstreams["b"].Directory);
    }

    [Theory]
    [InlineData("{}", 60)]
    [InlineData("""{"Timeouts":{"Idle":"00:00:10"}}""", 10)]
    [InlineData("""{"Timeouts":{"Idle":"00:00:10"},"Providers":{"mine":{"Timeouts":{"Idle":"00:00:20"}}}}""", 20)]
    [InlineData("""{"Providers":{"mine":{"Timeouts":{"Idle":"00:00:20"}}},"Models":{"m":{"Targets":[{"Provider":"mine","Timeouts":{"Idle":"00:00:30"}}]}}}""", 30)]
    [InlineData("""{"Timeouts":{"Idle":"00:00:10"},"Models":{"m":{"Targets":[{"Provider":"mine","Timeouts":{"FirstToken":"00:00:30"}}]}}}""", 10)]
    public async Task Create_ProviderOfTheApplication_HasTheLimitsOfTargetThenProviderThenAll(string json, int idle)
    {
        var table = Create(json, hasOwn: true);
        _script.Text("a").Hang();
        Assert.Contains($" for {idle} s ", await IdleAsync(table.Find(null)!.Targets[0]), StringComparison.Ordinal);
    }

    [Fact]
    public void Create_ProviderOfTheApplication_ServesUnderItsNameWhateverTheConfigurationSays()
    {
        var table = Create("""{"Providers":{"mine":{"Type":"guide","Model":"x"}},"Models":{"m":{"Targets":[{"Provider":"MINE"}]}}}""", hasOwn: true);
        Assert.Equal("x", table.Find("m")!.Targets[0].Model);
        Assert.Null(table.Upstreams["mine"].Directory);
        _script.Done();
        _ = table.Find("m")!.Targets[0].Provider.StreamAsync(ChatRequest.FromQuestion("q"), TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken).MoveNextAsync().AsTask();
        Assert.Equal(1, _script.Calls);
    }

    [Theory]
    [InlineData("bella", "{}", 300)]
    [InlineData("openai", "{}", 60)]
    [InlineData("bella", """{"Idle":"00:00:10"}""", 10)]
    public async Task Create_Idle_DefaultsPerType(string type, string timeouts, int idle)
    {
        // An upstream on a real socket that says one thing and then nothing.
        await using var upstream = await SluiceHost.StartAsync(new Script().Text("a").Hang());
        var table = Create($$$"""{"Providers":{"p":{"Type":"{{{type}}}","BaseUrl":"http://127.0.0.1:{{{upstream.Port}}}/v1","Model":"scripted","Timeouts":{{{timeouts}}}}},"DefaultModel":"p"}""");
        Assert.Contains($" for {idle} s ", await IdleAsync(table.Find("p")!.Targets[0]), StringComparison.Ordinal);
    }

    // How long a target may be silent behind its first token: its failure says so.
    private async Task<string> IdleAsync(ChatTarget target)
    {
        await using var chunks = target.Provider.StreamAsync(ChatRequest.FromQuestion("q").For("scripted"), CancellationToken.None).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        do
        {
            Assert.True(await chunks.MoveNextAsync().AsTask().Soon());
        }
        while (!chunks.Current.IsToken);
        var next = chunks.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));
        return (await Assert.ThrowsAsync<ChatProviderException>(() => next.Soon())).Message;
    }

    private RoutingTable Create(string json, bool hasOwn = false)
    {
        var builder = new SluiceBuilder(new ServiceCollection(), SettingsSection.FromJson(json).GetSection("Sluice"));
        if (hasOwn)
        {
            builder.AddProvider<ScriptedProvider>("mine");
        }

        return Factory(builder).Create(new SluiceOptionsReader(builder).Read());
    }

    private RoutingTableFactory Factory(SluiceBuilder builder) =>
        new(builder, new ServiceCollection().AddSingleton(_script).BuildServiceProvider(), TestMeters.New(), _time);
}
