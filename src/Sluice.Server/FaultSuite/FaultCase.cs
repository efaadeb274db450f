namespace Sluice.Server.FaultSuite;

/// <summary>One fault, and what has to come of it.</summary>
/// <param name="Name">Such as <c>s08</c>: the scenario of that name is what the documents speak of.</param>
/// <param name="Title">What goes wrong, in a few words.</param>
/// <param name="First">The scenario of the first target.</param>
/// <param name="WithSecond">What has to come of it where there is a second target.</param>
/// <param name="Alone">What has to come of it where there is none.</param>
internal sealed record FaultCase(string Name, string Title, string First, FaultExpectation WithSecond, FaultExpectation Alone)
{
    /// <summary>The scenario of the second target.</summary>
    public string Second { get; init; } = "ok";

    /// <summary>For how long, on the suite's clock, one question after the other is asked; null for one question.</summary>
    public TimeSpan? AskFor { get; init; }

    /// <summary>How many seconds of the suite's clock pass in a real one.</summary>
    public int Factor { get; init; } = 10;

    /// <summary>The one wait for the first target that has a limit which a run can reach: <c>Headers</c>, <c>FirstToken</c> or <c>Idle</c>; null where the fault does not end by the clock.</summary>
    public string? Limited { get; init; }

    /// <summary>Whether what the server has counted as spent is checked against what the targets have sent.</summary>
    public bool IsAccount { get; init; }
}
