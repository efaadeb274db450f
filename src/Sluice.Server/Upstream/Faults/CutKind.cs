namespace Sluice.Server.Upstream.Faults;

/// <summary>How an answer is cut.</summary>
internal enum CutKind
{
    /// <summary>TCP reset in the middle of the chunked body.</summary>
    Reset,

    /// <summary>TCP close in the middle of the chunked body, without its last chunk.</summary>
    MidBody,

    /// <summary>The body ends in order, only the answer does not: no finish_reason, no terminal.</summary>
    Clean,
}
