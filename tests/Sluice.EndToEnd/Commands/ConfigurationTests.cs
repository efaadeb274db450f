using System.Text.Json;
using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Commands;

/// <summary>Settings of a running server, and wrong ones.</summary>
public sealed class ConfigurationTests(Gateway gateway)
{
    [Fact]
    public async Task ConfigFile_NewModel_IsServedWithoutARestart()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sluice.json", Settings("first"));
        await using var server = await ServerProcess.ServeAsync(arguments: ["--config", file]);
        await server.AnswersAsync("first");
        using (var unknown = await Asking.SendAsync(Asking.OpenAi(server.Address, "second")))
        {
            Assert.Equal(404, (int)unknown.StatusCode);
        }

        folder.Write("sluice.json", Settings("second"));

        await Eventually.IsAsync(
            async cancel => (await Asking.Client.GetStringAsync(new Uri(server.Address, "/v1/models"), cancel)).Contains("\"second\"", StringComparison.Ordinal), there => there);
        await server.AnswersAsync("second");
    }

    [Fact]
    public async Task ConfigFile_BrokenWhileItRuns_ChangesNothing_AndIsReported()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sluice.json", Settings("first"));
        await using var server = await ServerProcess.ServeAsync(arguments: ["--config", file]);

        folder.Write("sluice.json", "{ \"Sluice\": { \"Models\": ");

        await Eventually.IsAsync(_ => Task.FromResult(server.Output), output => output.Contains("cannot be read", StringComparison.Ordinal));
        await server.AnswersAsync("first");
        Assert.DoesNotContain(Gateway.Key, server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WrongSettings_AreAllTold_WithoutTheKey_Exit2()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("sluice.json", $$"""
            { "Sluice": {
                "DefaultModel": "nowhere",
                "KeepAlvie": "00:00:10",
                "Timeouts": { "Idle": "soon" },
                "Providers": { "up": { "Type": "telepathy", "BaseUrl": "not a url", "ApiKey": "{{Gateway.Key}}" } },
                "Models": { "chat": { "Targets": [ { "Provider": "gone" } ] } } } }
            """);

        var run = await CommandRun.SluiceAsync(["serve", "--urls", "http://127.0.0.1:0", "--config", file]);

        Assert.Equal(2, run.ExitCode);
        foreach (var part in new[] { "nowhere", "KeepAlvie", "soon", "telepathy", "Providers:up:BaseUrl", "gone" })
        {
            Assert.Contains(part, run.Error, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Gateway.Key, run.Error + run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--config", "/nowhere/sluice.json")]
    [InlineData("--urls", "nonsense")]
    [InlineData("--Sluice:Models:chat:Targets:0:Provider", "gone")]
    public async Task WrongArguments_Exit2(string option, string value)
    {
        var run = await CommandRun.SluiceAsync(["serve", option, value]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(value, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private string Settings(string model) => JsonSerializer.Serialize(new Dictionary<string, object>
    {
        ["Sluice"] = new
        {
            DefaultModel = model,
            Providers = new { up = new { Type = "openai", BaseUrl = new Uri(gateway.Upstream.Address, "/v1").ToString(), ApiKey = Gateway.Key } },
            Models = new Dictionary<string, object> { [model] = new { Targets = new[] { new { Provider = "up", Model = "sim-5-0" } } } },
        },
    });
}
