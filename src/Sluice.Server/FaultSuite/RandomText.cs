using System.Globalization;

namespace Sluice.Server.FaultSuite;

/// <summary>A report of random faults for people.</summary>
internal static class RandomText
{
    public static void Write(RandomReport report, TextWriter output)
    {
        Line(output, $"seed {report.Seed}: {report.Questions} questions in {report.Seconds:0.0} s, 30 of 100 calls of the first target fail");
        Line(output, $"whole answers    {report.Whole}");
        foreach (var (problem, count) in report.Wrong) Line(output, $"WRONG            {count} {problem}");
        Line(output, $"calls            {string.Join(" + ", report.Calls)}; {report.MoreThanOnce} of the first target beyond one for each question, the retry budget allows {report.RetryBudget}");
    }

    private static void Line(TextWriter output, FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
