using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Chat;

/// <summary>The innermost call: it has what the test says, inside the call that says it.</summary>
internal sealed class SourceCall : ChunkCall
{
    private readonly Queue<object?> _steps = new();
    private readonly Lock _lock = new();
    private IThreadPoolWorkItem? _waiter;

    public SourceCall(bool isDirect = true) => IsDirect = isDirect;

    /// <summary>How often a task was asked for.</summary>
    public int Tasks { get; private set; }

    /// <summary>How often somebody waited.</summary>
    public int Waits { get; private set; }

    /// <summary>From now on it is read without a task.</summary>
    public void BecomeDirect() => IsDirect = true;

    /// <summary>Says a text, fails with an exception, or ends with null. Who waits goes on inside this call.</summary>
    public void Say(object? step)
    {
        Put(step);
        WakeUp();
    }

    /// <summary>The same, but nobody is woken up.</summary>
    public void Put(object? step)
    {
        lock (_lock)
        {
            _steps.Enqueue(step);
        }
    }

    /// <summary>Who waits is woken up, whether there is anything or not.</summary>
    public void WakeUp() => Interlocked.Exchange(ref _waiter, null)?.Execute();

    public override ValueTask<bool> MoveNextAsync()
    {
        Tasks++;
        return base.MoveNextAsync();
    }

    public override ValueTask DisposeAsync() => default;

    protected override bool TryNext(ref ChatChunk chunk, out bool any)
    {
        object? step;
        lock (_lock)
        {
            if (!_steps.TryDequeue(out step))
            {
                any = false;
                return false;
            }
        }

        if (step is Exception error)
        {
            throw error;
        }

        any = step is not null;
        if (any)
        {
            chunk = ChatChunk.Completion(Encoding.UTF8.GetBytes((string)step!));
        }

        return true;
    }

    protected override void WaitNext(IThreadPoolWorkItem waiter)
    {
        Waits++;
        bool isThere;
        lock (_lock)
        {
            isThere = _steps.Count > 0;
            _waiter = isThere ? null : waiter;
        }

        if (isThere)
        {
            ThreadPool.UnsafeQueueUserWorkItem(waiter, preferLocal: false);
        }
    }

    protected override bool TryTake(ref ChatChunk chunk, ref bool any) => true;

    protected override bool Recovers(ref Exception error, ref ChatChunk chunk) => false;
}
