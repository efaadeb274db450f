using System.Globalization;

namespace Sluice.Server.FaultSuite;

/// <summary>Lets one fault after the other happen to a server of its own, and judges what came of it.</summary>
/// <param name="tolerance">How much longer than its budget an answer may take, in real time.</param>
internal sealed class FaultRunner(TimeSpan tolerance)
{
    private const int MaxCalls = 8;

    // Three phases of failure, each until the breaker has seen as many failures as successes, and its probes. Without a breaker there are ninety.
    private const int MaxFailedCalls = 40;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    // Longer than Breaker:Break: then even a circuit that opened late lets a question through.
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);

    // The longest wait of one call, and the pauses before its retries: the answers themselves take moments.
    private static readonly TimeSpan Budget = FaultBench.Limit + (FaultBench.Retries * TimeSpan.FromSeconds(1.25));

    /// <summary>Runs one fault.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="dialect">How the question is asked.</param>
    /// <param name="hasSecond">Whether there is a second target.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FaultResult> RunAsync(FaultCase fault, FaultDialect dialect, bool hasSecond, CancellationToken cancellationToken)
    {
        var clock = new FastClock(TimeProvider.System, fault.Factor);
        await using var bench = await FaultBench.StartAsync(
            hasSecond ? [fault.First, fault.Second] : [fault.First], fault.Limited, fault.AskFor is null ? Interval : TimeSpan.Zero, clock, seed: 1, cancellationToken);
        var answers = fault.AskFor is { } span ? await AskForAsync(bench, dialect, span, cancellationToken) : [await AskAsync(bench, dialect, cancellationToken)];
        var isFirstBack = fault.AskFor is null || !hasSecond || await IsFirstBackAsync(bench, dialect, cancellationToken);
        var left = await bench.LeftBehindAsync(cancellationToken);
        var verdicts = answers.Select(answer => FaultJudge.Judge(answer, dialect)).ToList();
        var worst = verdicts.MinBy(verdict => verdict.Verdict);
        var result = new FaultResult
        {
            Fault = fault.Name,
            Title = fault.Title,
            Dialect = dialect == FaultDialect.Native ? "native" : "openai",
            Targets = hasSecond ? 2 : 1,
            Verdict = worst.Verdict,
            Code = answers.Select(answer => answer.Error).FirstOrDefault(code => code is not null),
            Questions = answers.Count,
            Whole = verdicts.Count(verdict => verdict.Verdict == FaultVerdict.Whole),
            Seconds = Math.Round(answers.Max(answer => answer.Took).TotalSeconds, 2),
            ClockFactor = fault.Factor,
            FirstCalls = bench.CallsOf(0),
            SecondCalls = bench.CallsOf(1),
        };
        var problem = worst.Problem ?? (left is null ? null : "left behind: " + left) ?? Compare(result, hasSecond ? fault.WithSecond : fault.Alone);
        if (problem is null && !isFirstBack) problem = "the first target is well again, and is not asked";
        if (problem is null && fault.AskFor is not null && hasSecond && result.FirstCalls - (result.Whole - result.SecondCalls) > MaxFailedCalls) problem = "a failing target was asked on and on";
        if (problem is null && fault.IsAccount) problem = await AccountAsync(bench, answers[0], dialect, cancellationToken);
        return problem is null ? result : result with { Verdict = FaultVerdict.Wrong, Problem = problem };
    }

    private static string? Compare(FaultResult result, FaultExpectation expected)
    {
        if (!expected.IsMetBy(result.Verdict)) return $"{result.Verdict} ({result.Code}) where {expected.Verdict} was due";
        if (result.FirstCalls + result.SecondCalls > (long)MaxCalls * result.Questions) return "more calls than a question may cost";
        // What came out better than it had to may have cost other calls.
        if (result.Verdict != expected.Verdict) return null;
        if (expected.Code is { } code && result.Code != code) return $"the error {result.Code} where {code} was due";
        return (expected.FirstCalls ?? result.FirstCalls) == result.FirstCalls && (expected.SecondCalls ?? result.SecondCalls) == result.SecondCalls ? null
            : string.Create(CultureInfo.InvariantCulture, $"{result.FirstCalls} + {result.SecondCalls} calls where {expected.FirstCalls} + {expected.SecondCalls} were due");
    }

    private Task<FaultAnswer> AskAsync(FaultBench bench, FaultDialect dialect, CancellationToken cancellationToken) =>
        bench.Client.AskAsync(FaultBench.Model, dialect, (Budget / bench.Clock.Factor) + tolerance, cancellationToken);

    // One question a second, as people ask.
    private async Task<List<FaultAnswer>> AskForAsync(FaultBench bench, FaultDialect dialect, TimeSpan span, CancellationToken cancellationToken)
    {
        var answers = new List<FaultAnswer>();
        var started = bench.Clock.GetTimestamp();
        while (bench.Clock.GetElapsedTime(started) < span)
        {
            answers.Add(await AskAsync(bench, dialect, cancellationToken));
            var next = (Pace * answers.Count) - bench.Clock.GetElapsedTime(started);
            if (next > TimeSpan.Zero) await Task.Delay(next, bench.Clock, cancellationToken);
        }

        return answers;
    }

    private async Task<bool> IsFirstBackAsync(FaultBench bench, FaultDialect dialect, CancellationToken cancellationToken)
    {
        await Task.Delay(Rest, bench.Clock, cancellationToken);
        var (first, second) = (bench.CallsOf(0), bench.CallsOf(1));
        var answer = await AskAsync(bench, dialect, cancellationToken);
        return FaultJudge.Judge(answer, dialect).Verdict == FaultVerdict.Whole && (bench.CallsOf(0) - first, bench.CallsOf(1) - second) == (1, 0);
    }

    private static async Task<string?> AccountAsync(FaultBench bench, FaultAnswer answer, FaultDialect dialect, CancellationToken cancellationToken)
    {
        // Read once more, it must cost nothing.
        var again = await bench.Client.ReplayAsync(answer.StreamId!, dialect, cancellationToken);
        if (again.Text != answer.Text || again.Terminals != 1) return "a replay shows another answer";
        if (answer.Usages is not [FaultJudge.Tokens] || again.Usages is not [FaultJudge.Tokens]) return $"the client is told of {string.Join(", ", answer.Usages)} tokens";
        if (bench.Counts.Tokens != bench.TokensSent) return string.Create(CultureInfo.InvariantCulture, $"{bench.Counts.Tokens} tokens counted, {bench.TokensSent} sent");
        return bench.Counts.Calls == bench.CallsOf(0) + bench.CallsOf(1) ? null : "calls counted are not the calls made";
    }
}
