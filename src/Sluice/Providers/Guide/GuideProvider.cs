using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Sluice.Chat;

namespace Sluice.Providers.Guide;

/// <summary>Answers questions about Sluice from Sluice's own documents: what serves while no model is connected. It is not a model, and says so.</summary>
/// <remarks>
/// <para>The last user message is the question. The answer is the section that fits best, as Markdown, word by word; the same question
/// always gets the same answer. Token counts are counts of the pieces that are streamed.</para>
/// <para>Thread rules: serves any number of requests at once. The index is built at the first question and shared by the process.</para>
/// </remarks>
/// <param name="time">Gives the pace and the date.</param>
/// <param name="options">Settings. Read at each request.</param>
public sealed class GuideProvider(TimeProvider time, GuideOptions options) : IChatProvider
{
    private static readonly Lazy<GuideAnswer> Answers = new(static () => new GuideAnswer(new GuideSearch(GuideLibrary.Load())));

    // The shortest period that PeriodicTimer takes.
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(1);

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var question = request.Question();
        var text = Answers.Value.To(question);
        using var chunks = new GuideChunkWriter($"chatcmpl-{RandomNumberGenerator.GetHexString(24, lowercase: true)}", time.GetUtcNow().ToUnixTimeSeconds());
        if (!request.Stream)
        {
            yield return chunks.Completion(text, GuidePieces.Count(question), GuidePieces.Count(text));
            yield return ChatChunk.Done;
            yield break;
        }

        yield return chunks.Role();
        var interval = options.TokenInterval;
        using var pace = interval < ShortestInterval ? null : new PeriodicTimer(interval, time);
        for (int start = 0, end; start < text.Length; start = end)
        {
            if (pace is not null)
            {
                await pace.WaitForNextTickAsync(cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
            end = GuidePieces.End(text, start);
            yield return chunks.Content(text.AsSpan(start, end - start));
        }

        yield return chunks.Finish();
        if (request.IncludeUsage)
        {
            yield return chunks.Usage(GuidePieces.Count(question), GuidePieces.Count(text));
        }

        yield return ChatChunk.Done;
    }
}
