using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Perfolizer.Horology;

namespace Sluice.Benchmarks.Budgets;

/// <summary>Just enough to count bytes: about a second per benchmark, in this process, quietly. Its times mean little.</summary>
internal sealed class BudgetConfig : ManualConfig
{
    public BudgetConfig()
    {
        AddJob(Job.Default
            .WithToolchain(InProcessEmitToolchain.Instance)
            .WithIterationTime(TimeInterval.FromMilliseconds(100))
            .WithWarmupCount(3)
            .WithIterationCount(3));
        AddDiagnoser(MemoryDiagnoser.Default);
        AddLogger(NullLogger.Instance);
        UnionRule = ConfigUnionRule.AlwaysUseLocal;
    }
}
