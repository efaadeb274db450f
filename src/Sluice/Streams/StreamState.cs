namespace Sluice.Streams;

/// <summary>How far a stream is. It leaves <see cref="Running"/> once, for exactly one of the others.</summary>
internal enum StreamState
{
    /// <summary>The answer is being made.</summary>
    Running,

    /// <summary>The answer is whole.</summary>
    Done,

    /// <summary>The answer failed; what was said before stands.</summary>
    Failed,

    /// <summary>Someone stopped it.</summary>
    Cancelled,
}
