using Sluice.Server.FaultSuite;

namespace Sluice.Tests.Server.FaultSuite;

public sealed class RandomRunTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(20261122)]
    public async Task ThreeHundredQuestions_AreAnsweredWhole(long seed)
    {
        var report = await RandomRun.RunAsync(300, seed, TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.True(report.Passed, $"seed {seed}: {string.Join(", ", report.Wrong)}");
        Assert.Equal(300, report.Whole);
        Assert.InRange(report.Calls[0], 1, 300 + report.RetryBudget);
        Assert.True(report.Calls.Sum() > 300, "No question cost a second call: the faults were none.");
    }
}
