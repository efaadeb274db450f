using Sluice.Server.FaultSuite;

namespace Sluice.Tests.Server.FaultSuite;

/// <summary>Each fault, with and without a second target, in both dialects: what has to come of it stands in <see cref="FaultCases"/>.</summary>
public sealed class FaultCasesTests
{
    // Only a hang ever reaches it.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Faults { get; } = new(FaultCases.All.Select(fault => fault.Name));

    // The four ways of one fault run beside each other: each has a server of its own, and mostly waits.
    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_EndsAsItHasTo(string name)
    {
        var fault = FaultCases.Find(name)!;
        var runs =
            from dialect in Enum.GetValues<FaultDialect>()
            from hasSecond in new[] { true, false }
            select new FaultRunner(Bound).RunAsync(fault, dialect, hasSecond, TestContext.Current.CancellationToken);

        var results = await Task.WhenAll(runs);

        Assert.All(results, result => IsAsItHasToBe(result, result.Targets == 2 ? fault.WithSecond : fault.Alone));
    }

    [Fact]
    public void All_AreTheSixteen() => Assert.Equal(Enumerable.Range(1, 16).Select(i => $"s{i:00}"), FaultCases.All.Select(fault => fault.Name));

    private static void IsAsItHasToBe(FaultResult result, FaultExpectation expected)
    {
        Assert.Null(result.Problem);
        Assert.True(expected.IsMetBy(result.Verdict), $"{result}");
        if (result.Verdict == expected.Verdict)
        {
            Assert.Equal(expected.Code ?? result.Code, result.Code);
            Assert.Equal(expected.FirstCalls ?? result.FirstCalls, result.FirstCalls);
            Assert.Equal(expected.SecondCalls ?? result.SecondCalls, result.SecondCalls);
        }
    }
}
