namespace Sluice.Benchmarks.Budgets;

/// <summary>One benchmark, its budget and what it was measured at.</summary>
/// <param name="Name">Class and method, then the parameters if it has any.</param>
/// <param name="Budget">Most bytes per operation; null if budgets.json names none.</param>
/// <param name="Measured">Bytes per operation; null if it did not run.</param>
/// <param name="Nanoseconds">Per operation, roughly.</param>
internal sealed record BudgetLine(string Name, long? Budget, long? Measured, double? Nanoseconds)
{
    public bool IsKept => Measured <= Budget;

    public string Verdict => this switch
    {
        { IsKept: true } => "ok",
        { Budget: null } => "NO BUDGET: add it to budgets.json",
        { Measured: null } => "DID NOT RUN: broken, renamed or removed",
        _ => "EXCEEDED",
    };
}
