namespace Sluice.Server.FaultSuite;

/// <summary>What came of many questions to a target that fails at random, with two healthy ones behind it.</summary>
internal sealed record RandomReport
{
    /// <value>What the faults were drawn from.</value>
    public required long Seed { get; init; }

    public required int Questions { get; init; }

    public required int Whole { get; init; }

    /// <value>Answers that must never be, in words, with how many there were.</value>
    public required IReadOnlyDictionary<string, int> Wrong { get; init; }

    /// <value>Calls of the target that fails, and of the two that do not.</value>
    public required IReadOnlyList<long> Calls { get; init; }

    /// <value>Calls of the target that fails beyond one for each question.</value>
    public required long MoreThanOnce { get; init; }

    /// <value>How many retries the budget allows for so many questions in so long a time.</value>
    public required long RetryBudget { get; init; }

    /// <value>Real seconds.</value>
    public required double Seconds { get; init; }

    /// <value>Whether nothing came that must not.</value>
    public bool Passed => Wrong.Count == 0;
}
