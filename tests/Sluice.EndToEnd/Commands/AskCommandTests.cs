using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Commands;

/// <summary><c>sluice ask</c>.</summary>
public sealed class AskCommandTests(Gateway gateway)
{
    [Fact]
    public async Task NoModelConnected_TheGuideAnswers()
    {
        var run = await CommandRun.SluiceAsync(["ask", "How do I connect a model?"]);

        Assert.True(run.ExitCode == 0, run.Error + run.Output);
        Assert.Contains("OPENAI_API_KEY", run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WholeAnswer_IsOnStandardOutput(bool throughServer)
    {
        var text = await Asking.WholeTextAsync(gateway.Upstream.Address, "sim-40-0");

        var run = await AskAsync("up/sim-40-0", throughServer);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(text.TrimEnd(), run.Output.TrimEnd());
    }

    [Theory]
    [InlineData("up/sim-60-0-cut-clean", "upstream_truncated", false)]
    [InlineData("up/sim-60-2000-cut", "upstream_truncated", false)]
    [InlineData("up/sim-60-0-cut-fin", "upstream_truncated", true)]
    [InlineData("up/sim-60-0-auth", "upstream_unauthorized", false)]
    [InlineData("nobody/has-this", "model_not_found", true)]
    [InlineData("nobody/has-this", "model_not_found", false)]
    public async Task BrokenAnswer_Exit1_AndSaysWhy(string model, string code, bool throughServer)
    {
        var run = await AskAsync(model, throughServer);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains(code, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Gateway.Key, run.Output + run.Error, StringComparison.Ordinal);
    }

    private Task<CommandRun> AskAsync(string model, bool throughServer) => throughServer
        ? CommandRun.SluiceAsync(["ask", "你好", "--model", model, "--url", gateway.Server.Address.ToString()])
        : CommandRun.SluiceAsync(["ask", "你好", "--model", model], Gateway.Connect("up", "openai", gateway.Upstream).ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));
}
