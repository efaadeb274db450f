namespace Sluice.Server.FaultSuite;

/// <summary>What a client got.</summary>
internal enum FaultVerdict
{
    /// <summary>What must never be: wrong or missing text shown as a whole answer, no end, two ends, a hang, something left behind, calls without measure.</summary>
    Wrong,

    /// <summary>An error that says what happened, with the text so far.</summary>
    TruthfulError,

    /// <summary>The refusal of the model's provider, passed on.</summary>
    Refused,

    /// <summary>The whole answer, byte for byte.</summary>
    Whole,
}
