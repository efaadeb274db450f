using System.Runtime.CompilerServices;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>The step that counts: duration, time to first token, tokens, failures. Per token it only looks at the chunk's kind.</summary>
internal sealed class MeteredProvider(IChatProvider inner, SluiceMetrics metrics, TimeProvider time) : IChatProvider
{
    private static readonly string Truncated = new ChatProviderException(ChatErrorKind.Truncated, "").Code;
    private static readonly string Defect = new ChatProviderException(ChatErrorKind.Internal, "").Code;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var model = request.Model ?? "default";
        // Whoever stops listening before the end has cancelled.
        string? outcome = "cancelled";
        var hasToken = false;
        var isDone = false;
        var usage = default((long Input, long Output));
        try
        {
            await using var chunks = inner.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (true)
            {
                try
                {
                    if (!await chunks.MoveNextAsync())
                    {
                        outcome = isDone ? outcome : Truncated;
                        break;
                    }
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    outcome = e is ChatProviderException { Code: var code } ? code : Defect;
                    throw;
                }

                var chunk = chunks.Current;
                if (!hasToken && chunk.IsToken)
                {
                    hasToken = true;
                    metrics.FirstToken(model, time.GetElapsedTime(started).TotalSeconds);
                }

                if ((chunk.Kind & (ChatChunkKind.Usage | ChatChunkKind.Completion | ChatChunkKind.Done)) != ChatChunkKind.Preamble)
                {
                    isDone |= chunk.Kind == ChatChunkKind.Done;
                    outcome = isDone ? null : outcome;
                    usage = chunk.Json.IsEmpty ? usage : ReadUsage(chunk.View.Usage);
                }

                yield return chunk;
            }
        }
        finally
        {
            metrics.Tokens(model, usage.Input, usage.Output);
            metrics.CallEnded(model, time.GetElapsedTime(started).TotalSeconds, outcome);
        }
    }

    private static (long Input, long Output) ReadUsage(ReadOnlySpan<byte> usage)
    {
        var counts = default((long Input, long Output));
        var reader = new Utf8JsonReader(usage);
        while (!usage.IsEmpty && reader.Read())
        {
            if (reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isInput = JsonName.Is(in reader, "prompt_tokens"u8);
            var isOutput = JsonName.Is(in reader, "completion_tokens"u8);
            if ((isInput || isOutput) && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count))
            {
                counts = isInput ? (count, counts.Output) : (counts.Input, count);
            }
        }

        return counts;
    }
}
