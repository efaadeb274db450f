namespace Sluice.Diagnostics;

/// <summary>Why an upstream was called.</summary>
internal enum AttemptReason
{
    /// <summary>It is the first for its question.</summary>
    First,

    /// <summary>The same target was asked again.</summary>
    Retry,

    /// <summary>Another target could not answer.</summary>
    Failover,

    /// <summary>Another target was slow.</summary>
    Hedge,

    /// <summary>An answer had broken off.</summary>
    Rescue,
}
