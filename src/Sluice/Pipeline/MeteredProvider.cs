using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The step that counts: duration, time to first token, tokens, failures. Per token it looks at the chunk's kind and adds up its length.</summary>
internal sealed class MeteredProvider(IChatProvider inner, Metering metering) : IChatProvider
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) =>
        new ChunkAnswer(
            token =>
            {
                var span = GenerationSpan.Start(request, out var traced);
                return new MeteredCall(inner, traced, span, metering, new UsageWait(metering.Time, token));
            },
            cancellationToken);
}
