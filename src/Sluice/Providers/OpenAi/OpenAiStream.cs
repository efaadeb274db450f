using Sluice.Chat;
using Sluice.Sse;

namespace Sluice.Providers.OpenAi;

/// <summary>One streamed answer: each event's data is a chunk.</summary>
/// <param name="provider">Whom to ask.</param>
/// <param name="request">What.</param>
/// <param name="cancellationToken">Ends it, in every state.</param>
internal sealed class OpenAiStream(OpenAiProvider provider, ChatRequest request, CancellationToken cancellationToken) : ChunkCall
{
    private readonly OpenAiAnswer _answer = provider.Answer();

    // Not held on to while the answer comes, which may take long.
    private ChatRequest? _request = request;
    private SseReader? _events;
    private Phase _phase;

    private enum Phase
    {
        /// <summary>Nothing has been asked.</summary>
        Asking,

        /// <summary>Events are read.</summary>
        Reading,

        /// <summary>The upstream has said that the answer is whole.</summary>
        Draining,

        /// <summary>Nothing more comes.</summary>
        Over,
    }

    /// <summary>Whether reading a stream failed because of what the upstream sent, or stopped sending.</summary>
    public static bool IsBreak(Exception e) => e is SseFormatException || UpstreamHttp.IsBreak(e);

    /// <inheritdoc/>
    public override ValueTask<bool> MoveNextAsync() => _phase switch
    {
        Phase.Reading => base.MoveNextAsync(),
        Phase.Asking => AskAsync(),
        Phase.Draining => DrainAsync(),
        _ => new ValueTask<bool>(false),
    };

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Enter(Phase.Over);
        return _events?.DisposeAsync() ?? default;
    }

    /// <inheritdoc/>
    protected override bool TryNext(ref ChatChunk chunk, out bool any) => _events!.TryRead(cancellationToken, out any);

    /// <inheritdoc/>
    protected override void WaitNext(IThreadPoolWorkItem waiter) => _events!.Wait(waiter);

    /// <inheritdoc/>
    protected override bool TryTake(ref ChatChunk chunk, ref bool any)
    {
        if (!any)
        {
            // The body has ended: whole only if the model had said why it stops.
            any = true;
            return _answer.IsFinished
                ? Done(ref chunk, Phase.Over)
                : throw new ChatProviderException(ChatErrorKind.Truncated, "The answer broke off: the upstream closed the stream before the model had finished.");
        }

        switch (_answer.Take(_events!.Current, out chunk))
        {
            case OpenAiEvent.Chunk:
                return true;
            case OpenAiEvent.Heartbeat:
                chunk = ChatChunk.Heartbeat;
                return true;
            case OpenAiEvent.Malformed:
                provider.CountMalformed();
                return false;
            case OpenAiEvent.Error:
                throw provider.Error(_events.Current.Data.Span);
            case OpenAiEvent.Done:
                return Done(ref chunk, Phase.Draining);
            default:
                return false;
        }
    }

    /// <inheritdoc/>
    protected override bool Recovers(ref Exception error, ref ChatChunk chunk)
    {
        Enter(Phase.Over);
        if (!IsBreak(error))
        {
            return false;
        }

        if (_answer.IsFinished)
        {
            // What broke stood behind the answer.
            return Done(ref chunk, Phase.Over);
        }

        error = error is SseFormatException
            ? new ChatProviderException(ChatErrorKind.TooLarge, "The upstream sent an event that is larger than Limits:MaxEventBytes.", error)
            : new ChatProviderException(ChatErrorKind.Truncated, "The answer broke off: the connection to the upstream was lost.", error);
        return false;
    }

    private async ValueTask<bool> AskAsync()
    {
        Enter(Phase.Over);
        _events = await provider.OpenStreamAsync(_request!, cancellationToken);
        _request = null;
        Current = ChatChunk.Heartbeat;
        Enter(Phase.Reading);
        return true;
    }

    private async ValueTask<bool> DrainAsync()
    {
        Enter(Phase.Over);
        await provider.DrainAsync(_events!, cancellationToken);
        return false;
    }

    private bool Done(ref ChatChunk chunk, Phase next)
    {
        chunk = ChatChunk.Done;
        Enter(next);
        return true;
    }

    private void Enter(Phase phase)
    {
        _phase = phase;
        IsDirect = phase == Phase.Reading;
    }
}
