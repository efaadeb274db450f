using System.Runtime.ExceptionServices;

namespace Sluice.Chat;

/// <summary>One call's chunks, asked for without a state machine: what stands in every token's way is one of these.</summary>
/// <remarks>
/// <code>
/// reader =MoveNextAsync=> call =TryMove=> call =TryMove=> call =TryNext=> what it reads, which has nothing yet
///    ^                     | =======================Wait===================> keeps the outermost call
///    +====task====== Execute &lt;============================================ calls it when there is something; then it asks again
/// </code>
/// A call that reads another one does so without a task between the two (<see cref="Inner"/>): all of them look at one chunk, that of the outermost. Tokens come at a pace at which
/// nothing is in the processor's caches any more, so what each costs is how many objects and functions it touches. Why so: docs/decisions/020-a-token-wakes-no-task.md.
/// One reader at a time, like any enumerator.
/// </remarks>
internal abstract class ChunkCall : IAsyncEnumerator<ChatChunk>, IThreadPoolWorkItem
{
    private IAsyncEnumerator<ChatChunk>? _inner;
    private ChunkCall? _innerCall;

    // What only some calls need stands elsewhere: each line of this object is looked at with every token.
    private ChunkTask? _task;
    private PolledTask<bool>? _next;

    /// <inheritdoc/>
    /// <remarks>Of a call that is read without a task it says nothing: whoever reads that has the chunk.</remarks>
    public virtual ChatChunk Current
    {
        get => _task is { } task ? task.Current : default;
        protected set => (_task ??= new ChunkTask()).Current = value;
    }

    /// <summary>What this call reads; null where <see cref="TryNext"/> and <see cref="WaitNext"/> know better.</summary>
    protected IAsyncEnumerator<ChatChunk>? Inner
    {
        get => _inner;
        set
        {
            _inner = value;
            _innerCall = value as ChunkCall;
        }
    }

    /// <summary>Whether a call that reads this one may do so without a task. Where not, it calls <see cref="MoveNextAsync"/>.</summary>
    protected bool IsDirect { get; set; }

    /// <inheritdoc/>
    public virtual ValueTask<bool> MoveNextAsync()
    {
        try
        {
            var task = _task ??= new ChunkTask();
            ChatChunk chunk = default;
            if (TryMove(ref chunk, out var any))
            {
                task.Current = chunk;
                return new ValueTask<bool>(any);
            }

            var wait = task.Begin();
            Wait(this);
            return wait;
        }
        catch (Exception e)
        {
            return ValueTask.FromException<bool>(e);
        }
    }

    /// <inheritdoc/>
    public abstract ValueTask DisposeAsync();

    /// <summary>Takes what comes next, if it is there. Where not, <see cref="WaitNext"/> is called, and then this once more.</summary>
    /// <param name="chunk">What came.</param>
    /// <param name="any">Whether there is anything; false at the end.</param>
    protected virtual bool TryNext(ref ChatChunk chunk, out bool any)
    {
        var next = _next ??= new PolledTask<bool>();
        if (!next.IsUnderWay)
        {
            next.Begin(_inner!.MoveNextAsync());
        }

        if (!next.TryTake(out any))
        {
            return false;
        }

        if (any)
        {
            chunk = _inner!.Current;
        }

        return true;
    }

    /// <summary>Waits for what comes next.</summary>
    /// <param name="waiter">To be executed once, when <see cref="TryNext"/> is worth a call.</param>
    protected virtual void WaitNext(IThreadPoolWorkItem waiter) => _next!.Wait(waiter);

    /// <summary>It is not there yet. Called before the wait begins, and again where what came was not enough for anything.</summary>
    protected virtual void Waiting()
    {
    }

    /// <summary>Takes what has come.</summary>
    /// <param name="chunk">What came. What the reader is told in its place.</param>
    /// <param name="any">Whether anything has; false at the end. What the reader is told in its place.</param>
    /// <returns>False where the reader is told nothing: the next is asked for.</returns>
    protected abstract bool TryTake(ref ChatChunk chunk, ref bool any);

    /// <summary>What comes next could not be had, or not be taken.</summary>
    /// <param name="error">How. What the reader is told in its place.</param>
    /// <param name="chunk">The chunk that it is told of instead, if any.</param>
    /// <returns>True where there is one.</returns>
    protected abstract bool Recovers(ref Exception error, ref ChatChunk chunk);

    /// <summary>What was waited for may be there.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        bool any;
        ChatChunk chunk = default;
        try
        {
            if (!TryMove(ref chunk, out any))
            {
                Wait(this);
                return;
            }
        }
        catch (Exception e)
        {
            _task!.Fail(e);
            return;
        }

        _task!.Current = chunk;
        _task.Complete(any);
    }

    // Goes on until there is something to say; false where that takes a wait.
    private bool TryMove(ref ChatChunk chunk, out bool any)
    {
        try
        {
            do
            {
                if (ReadsDirectly(out var inner) ? !inner.TryMove(ref chunk, out any) : !TryNext(ref chunk, out any))
                {
                    return false;
                }
            }
            while (!TryTake(ref chunk, ref any));
            return true;
        }
        catch (Exception e)
        {
            if (!Recovers(ref e, ref chunk))
            {
                ExceptionDispatchInfo.Throw(e);
            }

            any = true;
            return true;
        }
    }

    private void Wait(IThreadPoolWorkItem waiter)
    {
        Waiting();
        if (ReadsDirectly(out var inner))
        {
            inner.Wait(waiter);
        }
        else
        {
            WaitNext(waiter);
        }
    }

    // A task that is under way is waited for, also where the call within has become direct meanwhile.
    private bool ReadsDirectly([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ChunkCall? inner)
    {
        inner = _innerCall;
        return inner is { IsDirect: true } && _next is not { IsUnderWay: true };
    }
}
