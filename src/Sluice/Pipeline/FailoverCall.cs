using System.Runtime.CompilerServices;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>One question on its way through <see cref="FailoverProvider"/>.</summary>
/// <remarks>
/// Behind the commit point the target's chunks go through as in any <see cref="ChunkCall"/>. Before it, this is an ordinary loop:
/// 1. choose who is asked, and get leave to;
/// 2. ask; hold back what says nothing;
/// 3. what counts commits; a failure goes back to 1.
/// Where an answer breaks off that can be carried on, <see cref="RescueCall"/> takes over until its end.
/// </remarks>
internal sealed class FailoverCall : ChunkCall
{
    private readonly FailoverServices _services;
    private readonly ChatRequest _request;
    private readonly CancellationToken _cancel;
    private readonly TargetSearch _search;

    private Phase _phase;
    private Attempt? _attempt;
    private HeldBack _held;
    private HedgedStart? _hedge;
    private ChatChunkKind _shown;
    private bool _isDone;
    private RescueCall? _rescue;

    /// <param name="services">What calls need.</param>
    /// <param name="request">The question.</param>
    /// <param name="cancellationToken">Ends it, in every state.</param>
    public FailoverCall(FailoverServices services, ChatRequest request, CancellationToken cancellationToken)
    {
        _services = services;
        _request = request;
        _cancel = cancellationToken;
        _search = new TargetSearch(services, request, cancellationToken);
        _search.Begin();
    }

    private enum Phase
    {
        /// <summary>Nothing has been handed out but status.</summary>
        Asking,

        /// <summary>Committed; what was held back goes out.</summary>
        HandingOut,

        /// <summary>The target's own chunks go through.</summary>
        Forwarding,

        /// <summary>The answer broke off; another call goes on with it.</summary>
        Rescuing,
    }

    /// <inheritdoc/>
    public override ChatChunk Current => _rescue is null ? base.Current : _rescue.Current;

    /// <inheritdoc/>
    public override ValueTask<bool> MoveNextAsync()
    {
        if (_phase == Phase.Forwarding)
        {
            return base.MoveNextAsync();
        }

        return _phase switch
        {
            Phase.Asking => AskAsync(),
            Phase.Rescuing => _rescue!.MoveNextAsync(),
            _ => new ValueTask<bool>(HandOut()),
        };
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            if (_attempt is { } attempt)
            {
                _attempt = null;
                await attempt.DisposeAsync();
            }

            if (_rescue is { } rescue)
            {
                await rescue.DisposeAsync();
            }
        }
        finally
        {
            await ForgetAsync();
        }
    }

    private async ValueTask ForgetAsync()
    {
        try
        {
            if (_hedge is { } hedge)
            {
                await hedge.DisposeAsync();
            }
        }
        finally
        {
            _held.Clear();
        }
    }

    // ---- behind the commit point ----

    /// <inheritdoc/>
    protected override bool TryTake(ref ChatChunk chunk, ref bool any)
    {
        if (any)
        {
            Take(chunk);
        }
        else if (!_isDone)
        {
            throw ChatProviderException.Truncated();
        }

        return true;
    }

    /// <inheritdoc/>
    /// <remarks>What has been shown cannot be taken back, but another call may go on with it.</remarks>
    protected override bool Recovers(ref Exception error, ref ChatChunk chunk)
    {
        error = BrokenOff(error);
        if (_isDone || error is not ChatProviderException broken || !TryRescue(broken))
        {
            return false;
        }

        chunk = Current;
        return true;
    }

    private bool TryRescue(ChatProviderException broken)
    {
        if (!RescueCall.IsWorthIt(_request, _search.Table.Rescue, _shown, broken) || _attempt!.Target.IsLastResort)
        {
            return false;
        }

        // The reader gets a chunk that says nothing, and asks for the next: then, on its own thread, it can be asked what it has shown.
        _rescue = new RescueCall(_services, _request, _search, _attempt, broken, _cancel);
        _attempt = null;
        _phase = Phase.Rescuing;
        IsDirect = false;
        return true;
    }

    private void Take(in ChatChunk chunk)
    {
        _shown |= chunk.Kind;
        if (chunk.Kind == ChatChunkKind.Done)
        {
            Finish();
        }
    }

    private void Finish()
    {
        if (!_isDone)
        {
            _isDone = true;
            _attempt!.Succeeded();
        }
    }

    private Exception BrokenOff(Exception e)
    {
        // Behind its end an answer cannot fail any more, and who has left has not made it fail.
        if (_isDone || IsCancelled(e))
        {
            return e;
        }

        var failure = Known(e);
        _attempt!.Failed(failure);
        return failure;
    }

    // ---- before the commit point ----

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> AskAsync()
    {
        while (true)
        {
            // 1. Who is asked. What is being done about a failure is handed out before it is done.
            if (_attempt is null && _hedge is not { IsOver: false })
            {
                (_attempt, var news) = await _search.NextAsync();
                if (_search.HedgeDelay(_attempt.Target) is { } delay)
                {
                    _hedge = new HedgedStart(_attempt, delay, _search, _services, _request, _cancel);
                    _attempt = null;
                }

                if (news != ChatChunkKind.Preamble)
                {
                    Current = ChatChunk.Status(news);
                    return true;
                }
            }

            ChatProviderException failure;
            try
            {
                // 2. What it says, or the first of two to say something.
                if (_attempt is null)
                {
                    if (!await _hedge!.NextAsync())
                    {
                        Current = ChatChunk.Status(ChatChunkKind.Attempt);
                        return true;
                    }

                    (_attempt, _held) = _hedge.Take();
                    if (_hedge.Failure is { } last)
                    {
                        throw last;
                    }

                    Commits(_attempt.Chunks!.Current);
                    return HandOut();
                }

                var chunks = _attempt.Chunks ?? _attempt.Open(_request.For(await _search.ModelAsync(_attempt.Target)));
                if (await chunks.MoveNextAsync())
                {
                    if (Commits(chunks.Current))
                    {
                        return HandOut();
                    }

                    continue;
                }

                failure = ChatProviderException.Truncated();
            }
            catch (Exception e) when (!IsCancelled(e))
            {
                failure = Known(e);
            }

            // 3. What to do about a failure: the loop looks for another target, unless the same is asked again.
            var target = _attempt!.Target;
            await LetGoAsync(failure);
            if (_search.IsAskedAgain(target, failure))
            {
                Current = ChatChunk.Status(ChatChunkKind.Retrying);
                return true;
            }
        }
    }

    private ValueTask LetGoAsync(ChatProviderException failure)
    {
        var attempt = _attempt!;
        _attempt = null;
        _held.Clear();
        attempt.Failed(failure);
        return attempt.LetGoAsync();
    }

    // Whether the answer is under way. If not, what was said is kept until it is.
    private bool Commits(ChatChunk chunk)
    {
        if (_held.Keeps(chunk))
        {
            return false;
        }

        _phase = Phase.HandingOut;
        _attempt!.Committed(chunk.IsToken);
        return true;
    }

    private bool HandOut()
    {
        if (_held.TryTake(out var held))
        {
            Current = held;
        }
        else
        {
            // All that was held back is out; what committed is still the target's current chunk.
            _held.Clear();
            _phase = Phase.Forwarding;
            Inner = _attempt!.Chunks;
            IsDirect = true;
            Current = Inner!.Current;
            Take(Current);
        }

        return true;
    }

    private bool IsCancelled(Exception e) => e is OperationCanceledException && _cancel.IsCancellationRequested;

    private ChatProviderException Known(Exception e) => _search.Known(_attempt!, e);
}
