using System.Text.Json;
using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Sdks;

/// <summary>npm <c>openai</c> 5 and 4, and <c>ai</c> over <c>@ai-sdk/openai-compatible</c>.</summary>
public sealed class NodeClientTests(Gateway gateway, NodePackages packages)
{
    private static readonly string[] Packages = ["openai", "openai4", "ai"];
    private static readonly string[] Broken = ["up/sim-60-2000-cut", "up/sim-60-0-cut-clean", "up/sim-60-0-error-chunk", "bella/sim-60-0-cut-fin"];

    public static MatrixTheoryData<string, string> PackagesAndBroken { get; } = new(Packages, Broken);

    public static MatrixTheoryData<string, string> PackagesAndModels { get; } = new(Packages, ["up/sim-200-0", "bella/sim-200-0"]);

    [Theory]
    [MemberData(nameof(PackagesAndModels))]
    public async Task Stream_GivesTheWholeTextAndUsage(string package, string model)
    {
        await packages.ReadyAsync();
        var (upstream, name) = gateway.Behind(model);
        var text = await Asking.WholeTextAsync(upstream.Address, name);

        var seen = await NodeClient.AskAsync(package, "stream", gateway.Server.Address, model);

        Assert.Null(seen.Error);
        Assert.Equal(text, seen.Text);
        Assert.Equal("stop", seen.FinishReason);
        Assert.Equal(200, seen.Usage!.Value.GetProperty("completion_tokens").GetInt32());
        Assert.InRange(seen.Chunks, 200, 300);
    }

    [Theory]
    [MemberData(nameof(PackagesAndModels))]
    public async Task WholeAnswer_GivesTheWholeTextAndUsage(string package, string model)
    {
        await packages.ReadyAsync();
        var (upstream, name) = gateway.Behind(model);

        var seen = await NodeClient.AskAsync(package, "complete", gateway.Server.Address, model);

        Assert.Null(seen.Error);
        Assert.Equal(await Asking.WholeTextAsync(upstream.Address, name), seen.Text);
        Assert.Equal(200, seen.Usage!.Value.GetProperty("completion_tokens").GetInt32());
    }

    [Theory]
    [InlineData("openai", "up/sim-60-0-tools")]
    [InlineData("openai4", "up/sim-60-0-tools")]
    [InlineData("ai", "up/sim-60-0-tools")]
    [InlineData("openai", "bella/sim-60-0-tools")]
    [InlineData("ai", "bella/sim-60-0-tools")]
    public async Task ToolCalls_AreWhole(string package, string model)
    {
        await packages.ReadyAsync();

        var seen = await NodeClient.AskAsync(package, "tools", gateway.Server.Address, model);

        Assert.Null(seen.Error);
        Assert.Equal(["get_weather", "get_weather"], seen.ToolCalls.Select(call => call.Name));
        var arguments = seen.ToolCalls.Select(call => JsonSerializer.Deserialize<JsonElement>(call.Arguments)).ToList();
        Assert.Equal("北京", arguments[0].GetProperty("city").GetString());
        Assert.Equal("a \"quoted\" 🚀", arguments[0].GetProperty("note").GetString());
        Assert.Equal("上海", arguments[1].GetProperty("city").GetString());
        Assert.Equal(3, arguments[1].GetProperty("days").GetInt32());
    }

    [Theory]
    [MemberData(nameof(PackagesAndBroken))]
    public async Task BrokenAnswer_Raises(string package, string model)
    {
        await packages.ReadyAsync();

        var seen = await NodeClient.AskAsync(package, "stream", gateway.Server.Address, model);

        Assert.NotNull(seen.Error);
        // Bella says "" for none.
        Assert.Equal("", seen.FinishReason ?? "");
        Assert.StartsWith("你好，0 世界1 ", seen.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "up/sim-60-0-429", 429)]
    [InlineData("openai4", "up/sim-60-0-context-length", 400)]
    [InlineData("openai", "up/sim-60-0-auth", 502)]
    [InlineData("openai4", "up/sim-60-0-500", 502)]
    [InlineData("ai", "up/sim-60-0-429", 429)]
    [InlineData("ai", "up/sim-60-0-context-length", 400)]
    [InlineData("ai", "nobody/has-this", 404)]
    public async Task FailureBeforeTheFirstToken_RaisesWithItsStatus(string package, string model, int status)
    {
        await packages.ReadyAsync();

        var seen = await NodeClient.AskAsync(package, "stream", gateway.Server.Address, model);

        Assert.Equal(status, seen.Error?.Status);
        Assert.Equal("", seen.Text);
    }
}
