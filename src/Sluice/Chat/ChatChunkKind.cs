namespace Sluice.Chat;

/// <summary>What a chunk carries. A chunk may carry several things at once.</summary>
[Flags]
public enum ChatChunkKind
{
    /// <summary>Nothing that a person would see: a role, an empty delta, filter results.</summary>
    Preamble = 0,

    /// <summary>Text of the answer, or of a refusal.</summary>
    Content = 1,

    /// <summary>Text of the model's reasoning.</summary>
    Reasoning = 2,

    /// <summary>A piece of a tool call.</summary>
    Tool = 4,

    /// <summary>A finish reason: the model has said why it stops.</summary>
    Finish = 8,

    /// <summary>Token counts.</summary>
    Usage = 16,

    /// <summary><c>choices</c> is empty or absent.</summary>
    NoChoices = 32,

    /// <summary>The upstream reports a failure inside the stream. Providers turn it into a <see cref="ChatProviderException"/>; it goes no further.</summary>
    Error = 64,

    /// <summary>No data: the upstream has shown that it is alive (its headers came, or a comment). It resets the idle timer and goes no further.</summary>
    Heartbeat = 128,

    /// <summary>The body of an answer that was not streamed, byte for byte.</summary>
    Completion = 256,

    /// <summary>No data: the answer is whole.</summary>
    Done = 512,

    /// <summary>No data: an upstream is being called again for the same question. Counts the calls behind the first.</summary>
    Attempt = 1024,

    /// <summary>No data: the call failed before it had said anything, and the same upstream is asked again.</summary>
    Retrying = 2048,

    /// <summary>No data: another upstream is asked.</summary>
    FailingOver = 4096,

    /// <summary>No data: nobody who should answer can; what follows comes from the last resort.</summary>
    Degraded = 8192,

    /// <summary>No data: what has been shown is void, the text starts again. Only for who shows answers and can take it back.</summary>
    Reset = 16384,
}
