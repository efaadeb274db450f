namespace Sluice.Streams;

/// <summary>What is being done to get an answer, as viewers of one dialect are told it. A new one each time, so that a viewer knows which it has shown.</summary>
/// <param name="frame">The whole frame, without an id.</param>
internal sealed class StreamStatus(ReadOnlyMemory<byte> frame)
{
    /// <summary>The whole frame, without an id: it is no part of the log.</summary>
    public ReadOnlyMemory<byte> Frame => frame;
}
