using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Sluice.Chat;
using Sluice.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

public sealed class ModelRouterTests
{
    private readonly FakeModelSource _firstModels = new("gpt-4o", "shared", "meta/llama");
    private readonly FakeModelSource _secondModels = new("shared", "qwen");
    private readonly ScriptedProvider _first = new();
    private readonly ScriptedProvider _second = new();
    private readonly FakeLogger<ModelRouter> _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("chat", "chat", "first:gpt-4o second:null")]
    [InlineData(null, "chat", "first:gpt-4o second:null")]
    [InlineData("", "chat", "first:gpt-4o second:null")]
    [InlineData("first", "first", "first:null")]
    [InlineData("FIRST", "FIRST", "first:null")]
    [InlineData("first/any-name", "first/any-name", "first:any-name")]
    [InlineData("second/meta/llama", "second/meta/llama", "second:meta/llama")]
    [InlineData("gpt-4o", "gpt-4o", "first:gpt-4o")]
    [InlineData("qwen", "qwen", "second:qwen")]
    [InlineData("shared", "shared", "first:shared")]
    [InlineData("meta/llama", "meta/llama", "first:meta/llama")]
    public async Task ResolveAsync_Name_FindsItsTargets(string? model, string route, string targets)
    {
        ModelRouter router = Router();
        ChatRoute found = await router.ResolveAsync(model, Token);
        Assert.Equal((route, targets), (found.Model, string.Join(' ', found.Targets.Select(target => $"{target.ProviderName}:{target.Model ?? "null"}"))));
        Assert.True(await router.IsServedAsync(model, Token));
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("Chat")]
    [InlineData("third/model")]
    [InlineData("/model")]
    [InlineData("first/")]
    [InlineData("GPT-4o")]
    [InlineData(" ")]
    public async Task ResolveAsync_NobodyServesIt_IsModelNotFound(string model)
    {
        ModelRouter router = Router();
        ChatProviderException e = await Assert.ThrowsAsync<ChatProviderException>(async () => await router.ResolveAsync(model, Token));
        Assert.Equal((ChatErrorKind.ModelNotFound, 404, "model"), (e.Kind, e.Status, e.Param));
        Assert.Equal(router.NotFound(model), e.Message);
        Assert.Contains($"`{model}`", e.Message, StringComparison.Ordinal);
        Assert.False(await router.IsServedAsync(model, Token));
    }

    [Fact]
    public async Task ResolveAsync_KnownName_AsksNobodyForAList()
    {
        ModelRouter router = Router();
        foreach (string name in (string[])["chat", "first", "first/x"])
            await router.ResolveAsync(name, Token);
        Assert.Equal(0, _firstModels.Asked + _secondModels.Asked);
    }

    [Fact]
    public async Task ResolveAsync_DefaultModelIsABareName_IsDiscovered()
    {
        ModelRouter router = Router(defaultModel: "qwen");
        Assert.Equal("second", (await router.ResolveAsync(null, Token)).Targets[0].ProviderName);
        Assert.True(await router.IsServedAsync("", Token));
    }

    [Fact]
    public async Task ResolveAsync_DefaultModelIsUnknown_IsModelNotFound()
    {
        ModelRouter router = Router(defaultModel: "gone");
        Assert.Contains("`gone`", (await Assert.ThrowsAsync<ChatProviderException>(async () => await router.ResolveAsync(null, Token))).Message, StringComparison.Ordinal);
        Assert.False(await router.IsServedAsync(null, Token));
    }

    [Fact]
    public async Task ResolveAsync_AListFails_AsksTheOthersAndWarns()
    {
        _firstModels.Fails = true;
        ModelRouter router = Router();
        Assert.Equal("second", (await router.ResolveAsync("shared", Token)).Targets[0].ProviderName);
        Assert.Equal(300, _log.LatestRecord.Id.Id);
        Assert.Contains("first", _log.LatestRecord.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResolveAsync_CallerLeavesWhileAListIsAwaited_IsCancelled()
    {
        _firstModels.Gate = new TaskCompletionSource();
        using var caller = new CancellationTokenSource();
        Task<ChatRoute> resolving = Router().ResolveAsync("qwen", caller.Token).AsTask();
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => resolving);
    }

    [Fact]
    public async Task ListAsync_HasRoutesAndProvidersModelsDefaultFirst()
    {
        Assert.Equal(
            ["chat", "first/gpt-4o", "first/shared", "first/meta/llama", "second/shared", "second/qwen"],
            (await Router().ListAsync(Token)).Select(model => model.Id));
        Assert.Equal(new ChatModel("second/qwen", "second"), (await Router(defaultModel: "second/qwen").ListAsync(Token))[0]);
    }

    [Theory]
    [InlineData("first", "first")]
    [InlineData("qwen", "second")]
    [InlineData("second/unlisted", "second")]
    public async Task ListAsync_DefaultModelIsNotListed_StandsFirstAllTheSame(string defaultModel, string owner)
    {
        IReadOnlyList<ChatModel> models = await Router(defaultModel).ListAsync(Token);
        Assert.Equal(new ChatModel(defaultModel, owner), models[0]);
        Assert.Equal(models.Count, models.Select(model => model.Id).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task ListAsync_DefaultModelIsUnknown_IsNotShown() =>
        Assert.DoesNotContain(await Router("gone").ListAsync(Token), model => model.Id == "gone");

    [Fact]
    public async Task ListAsync_ProviderThatCannotList_StandsForItself()
    {
        ModelRouter router = Router();
        router.Table = router.Table with
        {
            Upstreams = new Dictionary<string, RoutingTable.Upstream>(StringComparer.OrdinalIgnoreCase) { ["mine"] = new(new ChatTarget("mine", _first, null), null) },
        };
        Assert.Equal(["chat", "mine"], (await router.ListAsync(Token)).Select(model => model.Id));
        Assert.False(await router.IsServedAsync("other", Token));
    }

    [Fact]
    public async Task ListAsync_AListFails_ShowsTheRest()
    {
        _secondModels.Fails = true;
        Assert.Equal(["chat", "first/gpt-4o", "first/shared", "first/meta/llama"], (await Router().ListAsync(Token)).Select(model => model.Id));
    }

    [Fact]
    public async Task Table_IsReplaced_TheNewOneCounts()
    {
        ModelRouter router = Router();
        router.Table = router.Table with { Routes = new Dictionary<string, ChatRoute>(StringComparer.Ordinal), DefaultModel = "second" };
        Assert.Equal("second", (await router.ResolveAsync(null, Token)).Targets[0].ProviderName);
        Assert.False(await router.IsServedAsync("chat", Token));
    }

    [Fact]
    public void NotFound_EndlessName_IsCut() => Assert.True(Router().NotFound(new string('x', 100_000)).Length < 400);

    [Theory]
    [InlineData("chat", "gpt-4o")]
    [InlineData("first", "gpt-4o")]
    [InlineData("first/x", "x")]
    public async Task FailoverProvider_AsksTheFirstTargetUnderItsOwnName(string model, string asked)
    {
        _first.Say(Chunks.Token, ChatChunk.Done).End();
        List<ChatChunkKind> kinds = [];
        await foreach (ChatChunk chunk in Failover(Router()).StreamAsync(ChatRequest.FromQuestion("hi", model), Token))
            kinds.Add(chunk.Kind);
        Assert.Equal([ChatChunkKind.Content, ChatChunkKind.Done], kinds);
        Assert.Equal(asked, Assert.Single(_first.Asked).Model);
        Assert.Empty(_second.Asked);
    }

    [Fact]
    public async Task FailoverProvider_ProviderCannotSayItsModels_AsksForItsDefault()
    {
        _firstModels.Fails = true;
        ModelRouter router = Router();
        _first.Say(ChatChunk.Done).End();
        await foreach (ChatChunk chunk in Failover(router).StreamAsync(ChatRequest.FromQuestion("hi", "first"), Token))
            Assert.Equal(ChatChunkKind.Done, chunk.Kind);
        Assert.Equal("default", Assert.Single(_first.Asked).Model);
        Assert.Equal("default", await router.ModelAtAsync(new ChatTarget("gone", _first, null), Token));
    }

    [Fact]
    public async Task FailoverProvider_UnknownModel_IsModelNotFound()
    {
        await using IAsyncEnumerator<ChatChunk> chunks = Failover(Router()).StreamAsync(ChatRequest.FromQuestion("hi", "unknown"), Token).GetAsyncEnumerator(Token);
        Assert.Equal(ChatErrorKind.ModelNotFound, (await Assert.ThrowsAsync<ChatProviderException>(async () => await chunks.MoveNextAsync())).Kind);
    }

    [Theory]
    [InlineData("first/any-name")]
    [InlineData("gpt-4o")]
    public async Task ResolveAsync_ANameThatIsNotConfigured_IsOneRouteForAll(string model)
    {
        var router = Router();
        Assert.Same(await router.ResolveAsync(model, Token), await router.ResolveAsync(new string(model), Token));
    }

    [Fact]
    public async Task ResolveAsync_NoEndOfNames_FindsEach()
    {
        var router = Router();
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal($"model-{i}", (await router.ResolveAsync($"first/model-{i}", Token)).Targets[0].Model);
        }
    }

    private ModelRouter Router(string defaultModel = "chat")
    {
        var time = new CountingTime();
        var first = new ChatTarget("first", _first, null);
        var second = new ChatTarget("second", _second, null) { Priority = 2 };
        return new ModelRouter(
            new RoutingTable(
                new Dictionary<string, ChatRoute>(StringComparer.Ordinal) { ["chat"] = new("chat", [first with { Model = "gpt-4o" }, second]) },
                new Dictionary<string, RoutingTable.Upstream>(StringComparer.OrdinalIgnoreCase)
                {
                    ["first"] = new(first, new ModelDirectory(_firstModels, time)),
                    ["second"] = new(second, new ModelDirectory(_secondModels, time)),
                },
                defaultModel),
            _log);
    }

    private static FailoverProvider Failover(ModelRouter router) =>
        new(new FailoverServices(router, new RetryBudget(TimeProvider.System), TestMeters.New(), TimeProvider.System, NullLogger<FailoverProvider>.Instance));
}
