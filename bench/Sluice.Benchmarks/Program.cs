using BenchmarkDotNet.Running;
using Sluice.Benchmarks.Budgets;

if (args is ["--check-budgets"])
    return BudgetCheck.Run();

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
