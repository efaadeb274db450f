using System.Runtime.CompilerServices;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The step that never hangs: limits each wait for the upstream.</summary>
/// <remarks>
/// <code>
/// asked .... headers .... first token .... token .... token .... end
/// |-Headers-|                       |-Idle-|
/// |--------FirstToken---------------|
/// </code>
/// Only the time in which the next chunk is waited for counts: while Sluice itself does not read, the clock stands still.
/// A heartbeat (headers, an upstream's comment) ends the wait for headers and resets Idle; it never extends FirstToken, and goes no further.
/// </remarks>
internal sealed class TimeoutProvider(IChatProvider inner, ChatTimeouts timeouts, TimeProvider time) : IChatProvider
{
    private readonly TimeSpan _headers = timeouts.Headers ?? ChatTimeouts.Defaults.Headers!.Value;
    private readonly TimeSpan _firstToken = timeouts.FirstToken ?? ChatTimeouts.Defaults.FirstToken!.Value;
    private readonly TimeSpan _idle = timeouts.Idle ?? ChatTimeouts.Defaults.Idle!.Value;
    private readonly TimeSpan _nonStreaming = timeouts.NonStreaming ?? ChatTimeouts.Defaults.NonStreaming!.Value;

    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var limit = new TimeLimit(time, cancellationToken);
        await using var chunks = inner.StreamAsync(request, limit.Token).GetAsyncEnumerator(limit.Token);
        var stage = request.Stream ? ChatErrorKind.HeadersTimeout : ChatErrorKind.CompletionTimeout;
        var firstTokenBy = limit.In(request.Stream ? _firstToken : _nonStreaming);
        var headersBy = request.Stream ? Math.Min(limit.In(_headers), firstTokenBy) : firstTokenBy;
        while (true)
        {
            try
            {
                var next = chunks.MoveNextAsync();
                if (!next.IsCompleted)
                {
                    limit.Start(stage switch
                    {
                        ChatErrorKind.HeadersTimeout => headersBy,
                        ChatErrorKind.IdleTimeout => limit.In(_idle),
                        _ => firstTokenBy,
                    });
                }

                var any = await next;
                limit.Stop();
                if (!any)
                {
                    yield break;
                }
            }
            catch (OperationCanceledException e) when (limit.IsOver && !cancellationToken.IsCancellationRequested)
            {
                throw TimedOut(stage, e);
            }

            var chunk = chunks.Current;
            stage = stage == ChatErrorKind.CompletionTimeout ? stage
                : chunk.IsToken || stage == ChatErrorKind.IdleTimeout ? ChatErrorKind.IdleTimeout
                : ChatErrorKind.FirstTokenTimeout;
            if (chunk.Kind != ChatChunkKind.Heartbeat)
            {
                yield return chunk;
            }
        }
    }

    private ChatProviderException TimedOut(ChatErrorKind stage, Exception cause) => stage switch
    {
        ChatErrorKind.HeadersTimeout => new(stage, $"The upstream did not answer within {Seconds(_headers < _firstToken ? _headers : _firstToken)} (Timeouts:Headers).", cause),
        ChatErrorKind.FirstTokenTimeout => new(stage, $"No token came within {Seconds(_firstToken)} (Timeouts:FirstToken).", cause),
        ChatErrorKind.IdleTimeout => new(stage, $"The upstream fell silent in mid-answer for {Seconds(_idle)} (Timeouts:Idle).", cause),
        _ => new(stage, $"The answer was not there within {Seconds(_nonStreaming)} (Timeouts:NonStreaming).", cause),
    };

    private static string Seconds(TimeSpan span) => FormattableString.Invariant($"{span.TotalSeconds:0.###} s");
}
