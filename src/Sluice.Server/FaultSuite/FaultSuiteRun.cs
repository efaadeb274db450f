namespace Sluice.Server.FaultSuite;

/// <summary>Runs many faults, a few at a time.</summary>
internal static class FaultSuiteRun
{
    // Most of them wait: for a pause, for a limit.
    private const int AtOnce = 4;

    /// <summary>Runs faults with a second target.</summary>
    /// <param name="faults">Which.</param>
    /// <param name="dialects">In which dialects.</param>
    /// <param name="time">What the run itself is timed with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FaultReport> RunAsync(IReadOnlyList<FaultCase> faults, IReadOnlyList<FaultDialect> dialects, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var runner = new FaultRunner(tolerance: TimeSpan.FromSeconds(1));

        // The first requests of a process compile its code; no fault's time shall include that.
        foreach (var dialect in Enum.GetValues<FaultDialect>()) await runner.RunAsync(FaultCases.Find("s11")!, dialect, hasSecond: true, cancellationToken);
        var both = faults.SelectMany(_ => dialects, (fault, dialect) => (fault, dialect)).ToList();
        var results = new FaultResult[both.Count];
        await Parallel.ForAsync(0, both.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
            results[i] = await runner.RunAsync(both[i].fault, both[i].dialect, hasSecond: true, token));
        return new FaultReport(FaultBench.Limit.TotalSeconds, FaultBench.Retries, Math.Round(time.GetElapsedTime(started).TotalSeconds, 2), results);
    }
}
