namespace Sluice.Server.FaultSuite;

/// <summary>What came of one fault in one dialect.</summary>
internal sealed record FaultResult
{
    /// <value>Such as <c>s08</c>.</value>
    public required string Fault { get; init; }

    public required string Title { get; init; }

    /// <value><c>native</c> or <c>openai</c>.</value>
    public required string Dialect { get; init; }

    /// <value>How many targets the model has.</value>
    public required int Targets { get; init; }

    /// <value>What the client got.</value>
    public required FaultVerdict Verdict { get; init; }

    /// <value>The error's code; null for a whole answer.</value>
    public string? Code { get; init; }

    /// <value>How many questions were asked, one after the other.</value>
    public required int Questions { get; init; }

    /// <value>How many of them got the whole answer.</value>
    public required int Whole { get; init; }

    /// <value>From the question to its end, the longest if there were several, in seconds of the suite's clock.</value>
    public required double Seconds { get; init; }

    /// <value>How many seconds of that clock passed in a real one.</value>
    public required int ClockFactor { get; init; }

    /// <value>Calls that the first target got.</value>
    public required long FirstCalls { get; init; }

    /// <value>Calls that the second target got.</value>
    public required long SecondCalls { get; init; }

    /// <value>Why this is not what has to come of the fault; null if it is.</value>
    public string? Problem { get; init; }
}
