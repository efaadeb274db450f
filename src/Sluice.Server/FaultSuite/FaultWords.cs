using System.Globalization;

namespace Sluice.Server.FaultSuite;

/// <summary>Results in the words of tables.</summary>
internal static class FaultWords
{
    /// <summary>What the client got.</summary>
    public static string Outcome(FaultResult result) => result.Verdict switch
    {
        FaultVerdict.Wrong => "WRONG: " + result.Problem,
        FaultVerdict.TruthfulError => $"truthful error {result.Code}",
        FaultVerdict.Refused => $"refusal passed on: {result.Code}",
        _ when result.Questions > 1 => string.Create(CultureInfo.InvariantCulture, $"{result.Whole} of {result.Questions} whole"),
        _ => "whole answer",
    };

    /// <summary>How long it took.</summary>
    public static string Time(FaultResult result) => string.Create(CultureInfo.InvariantCulture, $"{result.Seconds:0.0} s");

    /// <summary>The calls made: first target + second target.</summary>
    public static string Calls(FaultResult result) => string.Create(CultureInfo.InvariantCulture, $"{result.FirstCalls} + {result.SecondCalls}");
}
