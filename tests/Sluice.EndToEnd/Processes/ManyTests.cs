namespace Sluice.EndToEnd.Processes;

/// <summary>Many at once, as <c>bench/many/run</c> measures them, in small: what each reads is checked, and that nothing is left; never how fast it was.</summary>
[Collection(nameof(AloneTests))]
public sealed class ManyTests
{
    [Fact]
    public Task Crowd_ViewersComeAndGo_EachReadsTheSameText() => RunAsync("crowd", "--viewers", "100", "--churn", "25", "--seconds", "3");

    [Fact]
    public Task Crowd_ViewersThatNeverRead_AreLetGoOf() =>
        RunAsync("crowd", "--viewers", "20", "--churn", "0", "--seconds", "1", "--silent", "10", "--silent-receive", "4096");

    [Theory]
    [InlineData("native", "sim-9-0-stall")]
    [InlineData("openai", "sim-9-0-stall")]
    [InlineData("native", "sim-9-0-hang")]
    public Task Idle_PastTheCap_TheLateAreToldToComeBack(string dialect, string model) =>
        RunAsync("idle", "--streams", "60", "--files", "1000", "--dialect", dialect, "--model", model);

    [Fact]
    public Task Fates_LeaveNothing() => RunAsync("fates", "--streams", "450", "--at-once", "30");

    private static async Task RunAsync(params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");

        var run = await CommandRun.RunAsync(new("dotnet", [Paths.Many, .. arguments]) { UseShellExecute = false });

        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.DoesNotContain("WRONG", run.Output, StringComparison.Ordinal);
    }
}
