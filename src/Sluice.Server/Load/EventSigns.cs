namespace Sluice.Server.Load;

/// <summary>What one event of a stream shows.</summary>
[Flags]
internal enum EventSigns
{
    None = 0,

    /// <summary>Text, reasoning or a piece of a tool call.</summary>
    Token = 1,

    /// <summary>The reason why the answer is over, in OpenAI's dialect.</summary>
    Finish = 2,

    /// <summary>The terminal of a whole answer.</summary>
    End = 4,

    /// <summary>The answer failed.</summary>
    Error = 8,

    /// <summary>The answer was cancelled.</summary>
    Cancelled = 16,
}
