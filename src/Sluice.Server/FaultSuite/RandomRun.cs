using System.Collections.Concurrent;

namespace Sluice.Server.FaultSuite;

/// <summary>Asks many questions of a target that fails at random.</summary>
internal static class RandomRun
{
    private const int AtOnce = 32;
    private const int Factor = 10;

    // Retry:BudgetPercent as it is by default, one a second, and what the purse holds from the start.
    private const double BudgetShare = 0.2;
    private const int BudgetAtStart = 20;

    // Several calls may wait for their limit, one after the other, while many others keep the machine busy.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Asks them, both dialects in turn.</summary>
    /// <param name="questions">How many.</param>
    /// <param name="seed">What the faults are drawn from.</param>
    /// <param name="time">What the run itself is timed with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<RandomReport> RunAsync(int questions, long seed, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var clock = new FastClock(TimeProvider.System, Factor);
        await using var bench = await FaultBench.StartAsync(["random", "ok", "ok"], "Idle", TimeSpan.Zero, clock, seed, cancellationToken);
        var clockStarted = clock.GetTimestamp();
        var wrong = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var whole = 0;
        await Parallel.ForAsync(0, questions, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (i, token) =>
        {
            var dialect = i % 2 == 0 ? FaultDialect.Native : FaultDialect.OpenAi;
            var answer = await bench.Client.AskAsync(FaultBench.Model, dialect, Patience, token);
            var (verdict, problem) = FaultJudge.Judge(answer, dialect);
            if (verdict == FaultVerdict.Whole) Interlocked.Increment(ref whole);
            else Count(wrong, problem ?? $"the error {answer.Error} although a healthy target was there");
        });
        if (await bench.LeftBehindAsync(cancellationToken) is { } left) Count(wrong, "left behind: " + left);
        var budget = BudgetAtStart + (long)(questions * BudgetShare) + (long)Math.Ceiling(clock.GetElapsedTime(clockStarted).TotalSeconds);
        var more = Math.Max(0, bench.CallsOf(0) - questions);
        if (more > budget) Count(wrong, "more retries than the budget allows");
        return new RandomReport
        {
            Seed = seed,
            Questions = questions,
            Whole = whole,
            Wrong = new SortedDictionary<string, int>(wrong, StringComparer.Ordinal),
            Calls = [bench.CallsOf(0), bench.CallsOf(1), bench.CallsOf(2)],
            MoreThanOnce = more,
            RetryBudget = budget,
            Seconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 2),
        };
    }

    private static void Count(ConcurrentDictionary<string, int> counts, string what) => counts.AddOrUpdate(what, 1, static (_, count) => count + 1);
}
