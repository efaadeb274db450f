namespace Sluice.Server.FaultSuite;

/// <summary>The sixteen faults, and what has to come of each with two retries and one further target.</summary>
/// <remarks>The list is that of the public Failover Bench v0.1.</remarks>
internal static class FaultCases
{
    // A limit of ten seconds is three real ones here: whatever is to happen before it has that long, also on a busy machine.
    private const int FactorOfWaits = 3;

    // A fault that goes on for a minute is looked at faster; it is one of answers that come at once.
    private const int FactorOfMinutes = 30;

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<FaultCase> All { get; } =
    [
        new("s01", "429 with Retry-After, then fine", "s01", FaultExpectation.Whole(2), FaultExpectation.Whole(2)),
        new("s02", "429 for ever", "s02", FaultExpectation.Whole(3, 1), FaultExpectation.Error("rate_limited", 3)),
        new("s03", "500 once", "s03", FaultExpectation.Whole(2), FaultExpectation.Whole(2)),
        new("s04", "503 for ever", "s04", FaultExpectation.Whole(3, 1), FaultExpectation.Error("upstream_error", 3)),
        new("s05", "TCP reset before the headers", "s05", FaultExpectation.Whole(3, 1), FaultExpectation.Error("upstream_unreachable", 3)),
        new("s06", "no response at all", "s06", FaultExpectation.Whole(1, 1), FaultExpectation.Error("upstream_headers_timeout", 1)) { Limited = "Headers", Factor = FactorOfWaits },
        new("s07", "first token after 20 s", "s07", FaultExpectation.Whole(1, 1), FaultExpectation.Error("upstream_first_token_timeout", 1)) { Limited = "FirstToken", Factor = FactorOfWaits },
        new("s08", "cut after 40 of 60 tokens", "s08", FaultExpectation.Whole(1, 1), FaultExpectation.Error("upstream_truncated", 2)),
        new("s09", "stall after 40 of 60 tokens", "s09", FaultExpectation.Whole(1, 1), FaultExpectation.Error("upstream_idle_timeout", 1)) { Limited = "Idle", Factor = FactorOfWaits },
        new("s10", "one malformed chunk", "s10", FaultExpectation.Whole(1), FaultExpectation.Whole(1)),
        new("s11", "no [DONE]", "s11", FaultExpectation.Whole(1), FaultExpectation.Whole(1)),
        new("s12", "400, context length", "s12", FaultExpectation.Refused("context_length_exceeded"), FaultExpectation.Refused("context_length_exceeded")),
        new("s13", "400, content filter", "s13", FaultExpectation.Refused("content_filter"), FaultExpectation.Refused("content_filter")),
        new("s14", "cut, and the fallback takes no prefill", "cut", FaultExpectation.Whole(1, 1), FaultExpectation.Error("upstream_truncated", 2)) { Second = "s14" },
        new("s15", "the first target flaps for 60 s", "s15", new(FaultVerdict.Whole, null, null, null), new(FaultVerdict.TruthfulError, null, null, 0)) { AskFor = TimeSpan.FromSeconds(75), Factor = FactorOfMinutes },
        new("s16", "accounting: 500 once, then 60 tokens", "s16", FaultExpectation.Whole(2), FaultExpectation.Whole(2)) { IsAccount = true },
    ];

    /// <summary>The fault of that name, or null.</summary>
    public static FaultCase? Find(string name) => All.FirstOrDefault(fault => fault.Name == name);
}
