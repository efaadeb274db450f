namespace Sluice.Server.FaultSuite;

/// <summary>What one client saw of one answer.</summary>
internal sealed record FaultAnswer
{
    /// <value>The status; 0 where none came.</value>
    public int Status { get; init; }

    /// <value>The text, joined from its pieces; what a reset has voided is not in it.</value>
    public string Text { get; init; } = "";

    /// <value>The text that the terminal event itself carries; null where it carries none.</value>
    public string? Repeated { get; init; }

    /// <value>How many terminal events came: one, if all is well.</value>
    public int Terminals { get; init; }

    /// <value>Whether anything came behind the terminal event.</value>
    public bool WentOn { get; init; }

    /// <value>Finish reasons, in order.</value>
    public IReadOnlyList<string> Finishes { get; init; } = [];

    /// <value>The code of the error; null where none came.</value>
    public string? Error { get; init; }

    /// <value>Completion tokens that the answer says it has cost, each time that it says so.</value>
    public IReadOnlyList<long> Usages { get; init; } = [];

    /// <value>Whether the connection ended before the body did.</value>
    public bool IsCut { get; init; }

    /// <value>Whether the client had to give up.</value>
    public bool IsHang { get; init; }

    /// <value>The server's name for the stream; null where it gave none.</value>
    public string? StreamId { get; init; }

    /// <value>From the question to the end, on the suite's clock.</value>
    public TimeSpan Took { get; init; }
}
