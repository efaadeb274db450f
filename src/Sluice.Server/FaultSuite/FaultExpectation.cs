namespace Sluice.Server.FaultSuite;

/// <summary>What has to come of a fault.</summary>
/// <param name="Verdict">What the client gets at least.</param>
/// <param name="Code">The error's code where it gets no whole answer; null for any.</param>
/// <param name="FirstCalls">Calls that the first target gets; null for any number within the limits.</param>
/// <param name="SecondCalls">Calls that the second target gets; null for any number within the limits.</param>
internal sealed record FaultExpectation(FaultVerdict Verdict, string? Code, int? FirstCalls, int? SecondCalls)
{
    /// <summary>A whole answer.</summary>
    public static FaultExpectation Whole(int first, int second = 0) => new(FaultVerdict.Whole, null, first, second);

    /// <summary>The provider's own refusal, asked for once.</summary>
    public static FaultExpectation Refused(string code) => new(FaultVerdict.Refused, code, 1, 0);

    /// <summary>A truthful error.</summary>
    public static FaultExpectation Error(string code, int first, int second = 0) => new(FaultVerdict.TruthfulError, code, first, second);

    /// <summary>Whether a verdict is what was expected, or better.</summary>
    public bool IsMetBy(FaultVerdict verdict) => verdict == Verdict || (Verdict == FaultVerdict.TruthfulError && verdict == FaultVerdict.Whole);
}
