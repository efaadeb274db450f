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
    /// <summary>From the question to the upstream's headers.</summary>
    public TimeSpan Headers { get; } = timeouts.Headers ?? ChatTimeouts.Defaults.Headers!.Value;

    /// <summary>From the question to the first token.</summary>
    public TimeSpan FirstToken { get; } = timeouts.FirstToken ?? ChatTimeouts.Defaults.FirstToken!.Value;

    /// <summary>From one sign of life to the next.</summary>
    public TimeSpan Idle { get; } = timeouts.Idle ?? ChatTimeouts.Defaults.Idle!.Value;

    /// <summary>From the question to the whole of an answer that is not streamed.</summary>
    public TimeSpan NonStreaming { get; } = timeouts.NonStreaming ?? ChatTimeouts.Defaults.NonStreaming!.Value;

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) =>
        new ChunkAnswer(token => new TimedCall(inner, request, this, new TimeLimit(time, token), token), cancellationToken);

    /// <summary>What a wait that lasted too long is called.</summary>
    /// <param name="stage">What was waited for.</param>
    /// <param name="cause">What ended the wait.</param>
    public ChatProviderException TimedOut(ChatErrorKind stage, Exception cause) => stage switch
    {
        ChatErrorKind.HeadersTimeout => new(stage, $"The upstream did not answer within {Seconds(Headers < FirstToken ? Headers : FirstToken)} (Timeouts:Headers).", cause),
        ChatErrorKind.FirstTokenTimeout => new(stage, $"No token came within {Seconds(FirstToken)} (Timeouts:FirstToken).", cause),
        ChatErrorKind.IdleTimeout => new(stage, $"The upstream fell silent in mid-answer for {Seconds(Idle)} (Timeouts:Idle).", cause),
        _ => new(stage, $"The answer was not there within {Seconds(NonStreaming)} (Timeouts:NonStreaming).", cause),
    };

    private static string Seconds(TimeSpan span) => FormattableString.Invariant($"{span.TotalSeconds:0.###} s");
}
