using Sluice.Chat;

namespace Sluice.Streams.Dialects;

/// <summary>OpenAI's chunks: what the upstream said, byte for byte, and <c>[DONE]</c>.</summary>
/// <param name="includeUsage">Whether the client asked for token counts; if not, the chunk that carries nothing else is left out.</param>
internal sealed class OpenAiDialect(bool includeUsage) : StreamDialect
{
    private const ChatChunkKind OnlyUsage = ChatChunkKind.Usage | ChatChunkKind.NoChoices;

    // The official .NET SDK takes an error frame that is followed by a clean end for success.
    public override bool FailsUnclean => true;

    public override bool Begin(StreamLog log, ChatRequest request) => false;

    public override void Add(StreamLog log, ChatChunk chunk)
    {
        if (includeUsage || chunk.Kind != OnlyUsage)
        {
            log.Append(chunk.Json.Span);
        }
    }

    public override void End(StreamLog log) => log.Append("[DONE]"u8);

    public override void Fail(StreamLog log, ChatProviderException error) => log.Append(ChatErrorJson.Write(error));

    public override void Cancel(StreamLog log) =>
        log.Append("""{"error":{"message":"The answer was cancelled.","type":"cancelled","code":"cancelled","param":null}}"""u8);
}
