using System.Globalization;
using System.Text.Json;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Sluice.Benchmarks.Budgets;

/// <summary>Runs every benchmark and holds its allocated bytes per operation against budgets.json.</summary>
internal static class BudgetCheck
{
    /// <returns>The exit code: 0 when each benchmark ran and kept to its budget, else 1.</returns>
    public static int Run()
    {
        Dictionary<string, long> budgets = ReadBudgets();
        List<BudgetLine> lines = [.. Measure(budgets)];
        HashSet<string> measured = lines.Select(line => line.Name).ToHashSet(StringComparer.Ordinal);
        lines.AddRange(budgets.Where(budget => !measured.Contains(budget.Key)).Select(budget => new BudgetLine(budget.Key, budget.Value, null, null)));
        Print(lines);
        return lines.TrueForAll(line => line.IsKept) ? 0 : 1;
    }

    private static Dictionary<string, long> ReadBudgets()
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "budgets.json"));
        return JsonSerializer.Deserialize<Dictionary<string, long>>(file)!;
    }

    private static IEnumerable<BudgetLine> Measure(Dictionary<string, long> budgets)
    {
        Summary[] summaries = BenchmarkRunner.Run(typeof(BudgetCheck).Assembly, new BudgetConfig());
        foreach (Summary summary in summaries)
        {
            foreach (string error in summary.ValidationErrors.Where(error => error.IsCritical).Select(error => error.Message).Distinct(StringComparer.Ordinal))
                Console.WriteLine(error);
            foreach (BenchmarkCase benchmark in summary.BenchmarksCases)
            {
                BenchmarkReport? report = summary[benchmark];
                string name = $"{benchmark.Descriptor.Type.Name}.{benchmark.Descriptor.WorkloadMethod.Name}";
                if (benchmark.HasParameters)
                    name += $"({benchmark.Parameters.PrintInfo})";
                yield return new BudgetLine(
                    name,
                    budgets.TryGetValue(name, out long budget) ? budget : null,
                    report is { Success: true } ? report.GcStats.GetBytesAllocatedPerOperation(benchmark) : null,
                    report is { Success: true } ? report.ResultStatistics?.Mean : null);
            }
        }
    }

    private static void Print(List<BudgetLine> lines)
    {
        int width = lines.Select(line => line.Name.Length).Append("benchmark".Length).Max();
        Console.WriteLine($"{"benchmark".PadRight(width)}  {"budget",8}  {"bytes/op",8}  {"~ns/op",8}");
        foreach (BudgetLine line in lines.OrderBy(line => line.Name, StringComparer.Ordinal))
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{line.Name.PadRight(width)}  {line.Budget?.ToString(CultureInfo.InvariantCulture) ?? "none",8}  {line.Measured?.ToString(CultureInfo.InvariantCulture) ?? "none",8}  {line.Nanoseconds,8:F1}  {line.Verdict}"));
        }
    }
}
