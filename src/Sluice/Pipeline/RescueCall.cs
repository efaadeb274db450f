using Sluice.Chat;
using Sluice.Diagnostics;

namespace Sluice.Pipeline;

/// <summary>Goes on with an answer that broke off after some of it was shown, until its end, over as many breaks as the bounds allow.</summary>
/// <remarks>
/// <code>
/// broken -> what was shown? -> who, and how? -> call -> held back ... | seam: what is new goes out ... end
///   ^                              ^              |                   |
///   |                              +-- failed, departed, rejected     |
///   +-----------------------------------------------------------------+ broken again
/// </code>
/// Nothing of a new call is shown before its seam. If nobody can go on, the error that broke the answer off is what is told.
/// One reader at a time, like any enumerator.
/// </remarks>
internal sealed class RescueCall : IAsyncDisposable
{
    private const ChatChunkKind Disarming = ChatChunkKind.Tool | ChatChunkKind.Reasoning | ChatChunkKind.Finish;

    private static readonly ChatProviderException SaysSomethingElse = new(ChatErrorKind.Upstream, "It says something else than what has been shown.");

    private readonly FailoverServices _services;
    private readonly ChatRequest _request;
    private readonly TargetSearch _search;
    private readonly CancellationToken _cancel;
    private readonly Queue<ChatChunk> _ready = new();
    private readonly Tries _tries = new();
    private Attempt? _lost;
    private ChatProviderException? _broken;
    private ulong _failed;
    private int _calls;

    // From the break on.
    private ChatProviderException _error;
    private AnswerSoFar? _shown;
    private RescuePlan? _plan;
    private ContinuedChunk? _names;
    private ReadOnlyMemory<byte> _spent;

    // The call that runs.
    private RescueStep? _step;
    private ChatRequest _asking;
    private Attempt? _attempt;
    private Splice? _splice;
    private bool _isDone;

    /// <param name="services">What calls need.</param>
    /// <param name="request">The question.</param>
    /// <param name="search">Who has been asked so far.</param>
    /// <param name="lost">The call that broke off, its failure told. This one's to dispose.</param>
    /// <param name="error">How it broke off.</param>
    /// <param name="cancellationToken">Ends it, in every state.</param>
    public RescueCall(FailoverServices services, ChatRequest request, TargetSearch search, Attempt lost, ChatProviderException error, CancellationToken cancellationToken)
    {
        _services = services;
        _request = _asking = request;
        _search = search;
        _lost = lost;
        _broken = _error = error;
        _failed = search.Asked;
        _calls = search.Calls;
        _cancel = cancellationToken;
        Current = ChatChunk.Heartbeat;
    }

    /// <summary>What goes out. A heartbeat where nothing does: then it is the reader's turn to ask for more.</summary>
    public ChatChunk Current { get; private set; }

    private int Here => _step?.Index ?? _search.Here;

    /// <summary>Whether an answer that broke off may be carried on, as far as that is known without its text.</summary>
    /// <param name="request">The question.</param>
    /// <param name="options">Whether that is wanted.</param>
    /// <param name="shown">What has been shown.</param>
    /// <param name="error">How it broke off.</param>
    public static bool IsWorthIt(ChatRequest request, RescueOptions options, ChatChunkKind shown, ChatProviderException error) =>
        options.Enabled && request is { Stream: true, Shown: not null } && (shown & Disarming) == ChatChunkKind.Preamble
        && RetryPolicy.IsWorthFailingOver(error) && RescueRequest.AllowsRescue(request.Body.Span);

    /// <summary>The next chunk, or status.</summary>
    /// <exception cref="ChatProviderException">Nobody could go on: the error that broke the answer off.</exception>
    public async ValueTask<bool> MoveNextAsync()
    {
        while (true)
        {
            if (_ready.TryDequeue(out var ready))
            {
                Current = ready;
                return true;
            }

            // 1. What has been shown. Before anything is waited for: it is the reader's thread that may look.
            if (_broken is { } broken)
            {
                _broken = null;
                Look(broken);
            }

            // 2. Who is asked, and how.
            if (_attempt is null)
            {
                Current = ChatChunk.Status(await BeginAsync());
                return true;
            }

            // 3. What it says.
            ChatProviderException failure;
            try
            {
                var chunks = _attempt.Chunks ?? _attempt.Open(_asking.For(await _search.ModelAsync(_attempt.Target)));
                if (await chunks.MoveNextAsync())
                {
                    await TakeAsync(chunks.Current);
                    continue;
                }

                if (_isDone)
                {
                    return false;
                }

                failure = ChatProviderException.Truncated();
            }
            catch (Exception e) when (!_isDone && !(e is OperationCanceledException && _cancel.IsCancellationRequested))
            {
                failure = _search.Known(_attempt, e);
            }

            // 4. What to do about a failure.
            if (await FailAsync(failure))
            {
                Current = ChatChunk.Heartbeat;
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_attempt is { } attempt)
            {
                _attempt = null;
                await attempt.DisposeAsync();
            }
        }
        finally
        {
            if (_lost is { } lost)
            {
                _lost = null;
                await lost.DisposeAsync();
            }
        }
    }

    private void Look(ChatProviderException broken)
    {
        var options = _search.Table.Rescue;
        var shown = _request.Shown!.Read();
        if (shown is null || shown.Text.IsEmpty || shown.Text.Length > options.MaxBytes)
        {
            throw broken;
        }

        // What the first call has told of its usage is shown; later calls are added up here.
        _spent = _shown is null ? shown.Usage : _spent;
        _names ??= new ContinuedChunk(shown.First);
        (_shown, _error) = (shown, broken);
        _plan = new RescuePlan(_services, _search, _request.Shown.TakesReset && options.Reset, _failed, Here, broken);
    }

    private async ValueTask<ChatChunkKind> BeginAsync()
    {
        if (_lost is { } lost)
        {
            _lost = null;
            await lost.LetGoAsync();
        }

        while (true)
        {
            _cancel.ThrowIfCancellationRequested();
            if (_plan!.Next(_calls) is not { } step)
            {
                _services.Metrics.Attempts.NotRescued();
                PipelineMessages.NotRescued(_services.Logger, _error.Code);
                throw _tries.Behind(_error);
            }

            if (step.Pause > TimeSpan.Zero)
            {
                await Task.Delay(step.Pause, _services.Time, _cancel);
            }

            _step = step;
            var target = _search.Targets[step.Index];
            if (!TryPrepare(target, step.Way))
            {
                _plan.CouldNotGoOn(step.Index, step.Way);
            }
            else if (target.Health.TryEnter(out var permit, out var refusal))
            {
                _attempt = new Attempt(target, AttemptReason.Rescue, permit, _plan.Left, _services, _cancel);
                _calls++;
                return step.News;
            }
            else
            {
                _tries.Add(target, refusal, 0);
            }
        }
    }

    // What the target is asked, and where its answer goes on with the old one.
    private bool TryPrepare(ChatTarget target, RescueWay way)
    {
        Seam? seam = way == RescueWay.Restart ? new RestartSeam(_shown!.Text) : null;
        _asking = _request;
        if (way is RescueWay.Prefix or RescueWay.UserTurn)
        {
            if (RescueRequest.Continuing(_request, way == RescueWay.Prefix ? target.Rescue.Prefix : PrefixStyle.None, _shown!, out var sent) is not { } continuing)
            {
                return false;
            }

            (_asking, seam) = (continuing, new PrefixSeam(_shown!.Text.Span, sent));
        }

        _splice = new Splice(seam, _names!, _spent, _ready);
        return true;
    }

    private async ValueTask TakeAsync(ChatChunk chunk)
    {
        var splice = _splice!;
        var wasOpen = splice.IsOpen;
        if (splice.Take(chunk) == SeamState.Departed)
        {
            PipelineMessages.Departed(_services.Logger, _attempt!.Target.Name);
            if (_step!.Way != RescueWay.Restart || !_plan!.IsTimeToReset(_calls, _step.Index) || !splice.IsAnswer(chunk))
            {
                await DepartAsync();
                return;
            }

            // Nobody else could do better, and this one is answering already.
            _step = _step with { Way = RescueWay.Reset };
            splice.StartAnew(chunk);
        }

        if (splice.IsOpen && !wasOpen)
        {
            _services.Metrics.Attempts.Rescued(Word(_step!.Way));
            PipelineMessages.Rescued(_services.Logger, _attempt!.Target.Name, _step!.Way, _error.Code);

            // Its first token came long ago, where it had to say again what was shown: that is no measure of how fast it is.
            _attempt.Committed(isToken: false);
        }

        if (chunk.Kind == ChatChunkKind.Done && !_isDone)
        {
            _isDone = true;
            _attempt!.Succeeded();
        }
    }

    private static string Word(RescueWay way) => way switch
    {
        RescueWay.Prefix => "prefix",
        RescueWay.Restart => "restart",
        RescueWay.UserTurn => "user_turn",
        _ => "reset",
    };

    private ValueTask DepartAsync()
    {
        _plan!.CouldNotGoOn(_step!.Index, _step.Way);
        _tries.Add(_attempt!.Target, SaysSomethingElse, 1);
        _attempt.Departed();
        return LetGoAsync();
    }

    // True where the answer has broken off once more, further on. Who came no further than the last one counts as one who could not go on.
    private async ValueTask<bool> FailAsync(ChatProviderException failure)
    {
        var target = _attempt!.Target;
        _attempt.Failed(failure);
        await LetGoAsync();
        _failed |= failure.Kind == ChatErrorKind.InvalidRequest ? 0 : 1UL << Here;
        if (_splice!.HasShown)
        {
            if ((_splice.Shown & Disarming) != ChatChunkKind.Preamble || !RetryPolicy.IsWorthFailingOver(failure))
            {
                throw failure;
            }

            _broken = failure;
            return true;
        }

        _tries.Add(target, failure, 1);
        if (failure.Kind == ChatErrorKind.Stopping)
        {
            throw failure;
        }

        if (failure.Kind == ChatErrorKind.InvalidRequest && _step!.Way != RescueWay.Restart)
        {
            // It does not take the question in this form, whatever was configured.
            _plan!.CouldNotGoOn(_step.Index, _step.Way);
        }

        return false;
    }

    private ValueTask LetGoAsync()
    {
        var attempt = _attempt!;
        _attempt = null;
        _spent = UsageSum.Of(_spent, _splice!.Usage);
        return attempt.LetGoAsync();
    }
}
