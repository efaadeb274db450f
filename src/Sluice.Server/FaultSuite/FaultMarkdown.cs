using System.Text;

namespace Sluice.Server.FaultSuite;

/// <summary>A report as the table of a document. It names no error codes: what they mean is told in one place.</summary>
internal static class FaultMarkdown
{
    public static string Write(FaultReport report)
    {
        var dialects = report.Results.Select(result => result.Dialect).Distinct(StringComparer.Ordinal).ToList();
        var text = new StringBuilder("| fault | what goes wrong |");
        foreach (var dialect in dialects) text.Append($" {dialect}: outcome | time | calls |");
        text.Append("\n|---|---|").Insert(text.Length, "---|---|---|", dialects.Count).Append('\n');
        foreach (var fault in report.Results.GroupBy(result => result.Fault, StringComparer.Ordinal))
        {
            text.Append($"| {fault.Key.ToUpperInvariant()} | {fault.First().Title} |");
            foreach (var result in fault) text.Append($" {(result.Verdict == FaultVerdict.TruthfulError ? "truthful error" : FaultWords.Outcome(result))} | {FaultWords.Time(result)} | {FaultWords.Calls(result)} |");
            text.Append('\n');
        }

        return text.Append('\n').Append(report.Summary).Append(".\n").ToString();
    }
}
