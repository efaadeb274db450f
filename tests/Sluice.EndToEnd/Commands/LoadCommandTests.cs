using System.Text.Json;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Commands;

/// <summary><c>sluice load</c> against a server.</summary>
public sealed class LoadCommandTests(Gateway gateway)
{
    [Theory]
    [InlineData("openai")]
    [InlineData("native")]
    public async Task WholeStreams_AreCounted_InTheTableAndInJson(string dialect)
    {
        using var folder = new TemporaryFolder();

        var run = await CommandRun.SluiceAsync(
            ["load", "--url", gateway.Server.Address.ToString(), "--dialect", dialect, "--model", "up/lat-50-1000", "-n", "40", "-c", "10", "--json", folder["report.json"]]);

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("tokens", run.Output, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(await File.ReadAllBytesAsync(folder["report.json"], TestContext.Current.CancellationToken));
        Assert.Equal(40, report.RootElement.GetProperty("ok").GetInt32());
        Assert.Equal(0, report.RootElement.GetProperty("failed").GetInt32());
        Assert.Equal(40 * 50, report.RootElement.GetProperty("tokens").GetInt32());
        Assert.NotEqual(JsonValueKind.Null, report.RootElement.GetProperty("delivery_us").ValueKind);
    }

    [Fact]
    public async Task CutStreams_AreFailures_Exit1()
    {
        var run = await CommandRun.SluiceAsync(["load", "--url", gateway.Server.Address.ToString(), "--model", "up/sim-30-0-cut-clean", "-n", "5", "-c", "5", "--json", "-"]);

        Assert.Equal(1, run.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(0, report.RootElement.GetProperty("ok").GetInt32());
        Assert.Equal(5, report.RootElement.GetProperty("failed").GetInt32());
    }
}
