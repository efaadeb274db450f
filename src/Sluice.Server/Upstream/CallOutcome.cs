namespace Sluice.Server.Upstream;

/// <summary>How a call ended, as the upstream saw it.</summary>
internal enum CallOutcome
{
    /// <summary>The client left before the end.</summary>
    Aborted,

    /// <summary>Everything that was to be sent has been sent.</summary>
    Completed,

    /// <summary>The upstream itself cut the answer short, as the scenario demands.</summary>
    Cut,
}
