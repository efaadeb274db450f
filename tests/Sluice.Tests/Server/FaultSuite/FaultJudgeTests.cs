using Sluice.Server.FaultSuite;

namespace Sluice.Tests.Server.FaultSuite;

/// <summary>A judge that finds everything right proves nothing.</summary>
public sealed class FaultJudgeTests
{
    private static readonly FaultAnswer Whole = new() { Status = 200, Text = FaultJudge.WholeText, Terminals = 1, Finishes = ["stop"] };
    private static readonly FaultAnswer Broken = new() { Status = 200, Text = FaultJudge.WholeText[..99], Terminals = 1, Error = "upstream_truncated", IsCut = true };

    [Fact]
    public void WholeText_IsWhole() => Assert.Equal(FaultVerdict.Whole, Judge(Whole));

    [Fact]
    public void PartialText_WithAnError_IsATruthfulError() => Assert.Equal(FaultVerdict.TruthfulError, Judge(Broken));

    [Fact]
    public void Refusal_IsOne() => Assert.Equal(FaultVerdict.Refused, Judge(new FaultAnswer { Status = 400, Terminals = 1, Error = "content_filter" }));

    [Fact]
    public void MissingText_ShownAsWhole_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { Text = Whole.Text[..^1] }));

    [Fact]
    public void RepeatedText_ShownAsWhole_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { Text = Whole.Text + Whole.Text }));

    [Fact]
    public void NoEnd_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { Terminals = 0 }));

    [Fact]
    public void TwoEnds_AreWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { Terminals = 2 }));

    [Fact]
    public void EventsBehindTheEnd_AreWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { WentOn = true }));

    [Fact]
    public void WholeTextWithoutStop_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { Finishes = [] }));

    [Fact]
    public void WholeTextThatIsCut_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { IsCut = true }));

    [Fact]
    public void AnotherTextInTheTerminal_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Whole with { Repeated = "other" }));

    [Fact]
    public void ErrorBehindWrongText_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Broken with { Text = "other" }));

    [Fact]
    public void ErrorBehindAStop_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Broken with { Finishes = ["stop"] }));

    [Fact]
    public void ErrorFrameBeforeACleanEnd_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Broken with { IsCut = false }));

    [Fact]
    public void Hang_IsWrong() => Assert.Equal(FaultVerdict.Wrong, Judge(Broken with { IsHang = true }));

    private static FaultVerdict Judge(FaultAnswer answer) => FaultJudge.Judge(answer, FaultDialect.OpenAi).Verdict;
}
