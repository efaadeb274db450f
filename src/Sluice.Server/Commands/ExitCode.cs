namespace Sluice.Server.Commands;

/// <summary>What the process says when it ends.</summary>
internal static class ExitCode
{
    /// <summary>Done, and all of it.</summary>
    public const int Done = 0;

    /// <summary>Tried, and failed.</summary>
    public const int Failed = 1;

    /// <summary>Not tried: wrong usage or configuration.</summary>
    public const int Usage = 2;
}
