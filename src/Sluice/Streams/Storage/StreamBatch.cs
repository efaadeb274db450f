namespace Sluice.Streams.Storage;

/// <summary>A stretch of a stream's log.</summary>
/// <param name="Frames">Whole events, framed. The reader's to keep.</param>
/// <param name="Last">The number of the last event in it; the number that was read after where it is empty.</param>
/// <param name="IsEnd">Whether the stream has ended and nothing follows.</param>
internal sealed record StreamBatch(ReadOnlyMemory<byte> Frames, long Last, bool IsEnd);
