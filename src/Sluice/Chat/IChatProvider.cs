namespace Sluice.Chat;

/// <summary>Answers one chat request as a stream of chunks. Upstreams, pipeline steps and the whole pipeline are all one of these.</summary>
/// <remarks>
/// <para>Thread rules: one provider serves many requests at once; one enumeration has one consumer.</para>
/// <para>A whole answer ends in exactly one chunk of kind <see cref="ChatChunkKind.Done"/>. An enumeration that ends without it is a
/// truncated answer and is shown as such, so a provider never has to guess and never invents an ending.</para>
/// <para>With <see cref="ChatRequest.Stream"/> false a provider yields one chunk of kind <see cref="ChatChunkKind.Completion"/> (the upstream's
/// body, byte for byte) before <see cref="ChatChunkKind.Done"/>.</para>
/// </remarks>
public interface IChatProvider
{
    /// <summary>Asks, and yields what comes back as it comes.</summary>
    /// <param name="request">What was asked. Not changed.</param>
    /// <param name="cancellationToken">Ends the upstream call at once, in every state.</param>
    /// <returns>Chunks; the bytes of each are valid until the next <c>MoveNextAsync</c>.</returns>
    /// <exception cref="ChatProviderException">The upstream failed, in a way that the exception names.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken);
}
