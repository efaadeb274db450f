namespace Sluice.Providers.OpenAi;

/// <summary>What one event of an upstream's stream is.</summary>
internal enum OpenAiEvent
{
    /// <summary>Nothing to pass on.</summary>
    Nothing,

    /// <summary>The upstream shows that it is alive.</summary>
    Heartbeat,

    /// <summary>A piece of the answer.</summary>
    Chunk,

    /// <summary>Not JSON: left out and counted.</summary>
    Malformed,

    /// <summary>The upstream reports a failure.</summary>
    Error,

    /// <summary>The upstream says that the answer is whole.</summary>
    Done,
}
