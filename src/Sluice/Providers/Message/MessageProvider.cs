using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Sluice.Chat;
using Sluice.Providers.Guide;

namespace Sluice.Providers.Message;

/// <summary>Says one configured text, whatever is asked: the last resort of a model whose targets are all down.</summary>
/// <param name="text">What is said.</param>
/// <param name="time">Gives the date.</param>
internal sealed class MessageProvider(string text, TimeProvider time) : IChatProvider
{
    /// <summary>The model that it says it is, so that nobody takes it for one.</summary>
    public const string Model = "fallback";

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await ValueTask.CompletedTask;
        using var chunks = new GuideChunkWriter($"chatcmpl-{RandomNumberGenerator.GetHexString(24, lowercase: true)}", time.GetUtcNow().ToUnixTimeSeconds(), Model);
        if (!request.Stream)
        {
            yield return chunks.Completion(text, promptTokens: 0, completionTokens: 0);
            yield return ChatChunk.Done;
            yield break;
        }

        yield return chunks.Role();
        yield return chunks.Content(text);
        yield return chunks.Finish();
        yield return ChatChunk.Done;
    }
}
