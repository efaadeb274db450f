using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Providers.OpenAi;

/// <summary>One answer as it comes in: tells chunks from everything else that upstreams send.</summary>
internal sealed class OpenAiAnswer(int maxMalformedChunks)
{
    private readonly ChunkShape _shape = new();
    private int _malformed;
    private ulong _choices;
    private ulong _finishedChoices;

    /// <summary>Whether the model has said of every choice why it stops. Without that, an end is a truncation.</summary>
    public bool IsFinished => _finishedChoices != 0 && (_choices & ~_finishedChoices) == 0;

    /// <summary>Takes one event.</summary>
    /// <param name="received">The event.</param>
    /// <param name="chunk">The chunk, over the event's bytes, where it is one.</param>
    /// <exception cref="ChatProviderException">Too many were malformed.</exception>
    public OpenAiEvent Take(SseEvent received, out ChatChunk chunk)
    {
        chunk = default;
        if (received.IsKeepAlive)
        {
            return OpenAiEvent.Heartbeat;
        }

        // Nearly every chunk is like the one before it.
        if (received.EventType.IsEmpty && _shape.Fits(received.Data, out chunk))
        {
            _choices |= _shape.Choices;
            return OpenAiEvent.Chunk;
        }

        var data = received.Data.Span.Trim(" \t\n"u8);
        if (data.SequenceEqual("[DONE]"u8))
        {
            return OpenAiEvent.Done;
        }

        // Odd keep-alives: empty data, `data: : ping`, `event: ping`.
        if (data.IsEmpty || data[0] == (byte)':' || received.EventType.Span.SequenceEqual("ping"u8) || received.EventType.Span.SequenceEqual("keepalive"u8))
        {
            return OpenAiEvent.Heartbeat;
        }

        if (!ChatChunk.TryParse(received.Data, out chunk, out var view))
        {
            // An event that the end of the stream cut off is not malformed, it is not there.
            return received.IsTerminated ? Malformed() : OpenAiEvent.Nothing;
        }

        if (chunk.Kind.HasFlag(ChatChunkKind.Error) || received.EventType.Span.SequenceEqual("error"u8))
        {
            return OpenAiEvent.Error;
        }

        _choices |= view.Choices;
        _finishedChoices |= view.FinishedChoices;
        _shape.Learn(chunk, view);
        return OpenAiEvent.Chunk;
    }

    private OpenAiEvent Malformed() => ++_malformed <= maxMalformedChunks
        ? OpenAiEvent.Malformed
        : throw new ChatProviderException(ChatErrorKind.Malformed, $"More than {maxMalformedChunks} chunks of the upstream's answer were not JSON.");
}
