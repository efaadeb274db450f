using Sluice.Server.FaultSuite;

namespace Sluice.Tests.Server.FaultSuite;

/// <summary>Each fault, with and without a second target, in both dialects: what has to come of it stands in <see cref="FaultCases"/>.</summary>
public sealed class FaultCasesTests
{
    // Only a hang ever reaches it.
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static TheoryData<string, bool, bool> Faults { get; } = new(
        from fault in FaultCases.All
        from isNative in new[] { true, false }
        from hasSecond in new[] { true, false }
        select new TheoryDataRow<string, bool, bool>(fault.Name, isNative, hasSecond));

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task Fault_EndsAsItHasTo(string name, bool isNative, bool hasSecond)
    {
        var fault = FaultCases.Find(name)!;
        var expected = hasSecond ? fault.WithSecond : fault.Alone;

        var result = await new FaultRunner(FaultRunner.DefaultFactor, Bound).RunAsync(
            fault, isNative ? FaultDialect.Native : FaultDialect.OpenAi, hasSecond, TestContext.Current.CancellationToken);

        Assert.Null(result.Problem);
        Assert.True(expected.IsMetBy(result.Verdict), $"{result}");
        if (result.Verdict == expected.Verdict)
        {
            Assert.Equal(expected.Code ?? result.Code, result.Code);
            Assert.Equal(expected.FirstCalls ?? result.FirstCalls, result.FirstCalls);
            Assert.Equal(expected.SecondCalls ?? result.SecondCalls, result.SecondCalls);
        }
    }

    [Fact]
    public void All_AreTheSixteen() => Assert.Equal(Enumerable.Range(1, 16).Select(i => $"s{i:00}"), FaultCases.All.Select(fault => fault.Name));
}
