using System.Diagnostics.CodeAnalysis;

namespace Sluice.Chat;

/// <summary>A task as something that is asked whether it has come: one after the other.</summary>
/// <typeparam name="T">What it brings.</typeparam>
/// <remarks>One user. The waiter goes on inside the task's completion.</remarks>
internal sealed class PolledTask<T>
{
    private readonly Action _onCompleted;
    private ValueTask<T> _task;
    private IThreadPoolWorkItem? _waiter;

    public PolledTask() => _onCompleted = () => _waiter!.Execute();

    /// <summary>Whether there is one that has not been taken.</summary>
    public bool IsUnderWay { get; private set; }

    /// <summary>Begins with the next one.</summary>
    /// <param name="task">The task. Consumed here.</param>
    [SuppressMessage("Reliability", "CA2012", Justification = "Consumed once, in TryTake.")]
    public void Begin(ValueTask<T> task)
    {
        _task = task;
        IsUnderWay = true;
    }

    /// <summary>Takes what the task has brought, if it has completed; what it throws is thrown here.</summary>
    public bool TryTake([MaybeNullWhen(false)] out T result)
    {
        if (!_task.IsCompleted)
        {
            result = default;
            return false;
        }

        // Not held on to: the next wait may be a long one, or of another kind.
        var task = _task;
        _task = default;
        IsUnderWay = false;
        result = task.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Waits for the task. Called once for each.</summary>
    /// <param name="waiter">Executed when <see cref="TryTake"/> has something to say.</param>
    public void Wait(IThreadPoolWorkItem waiter)
    {
        _waiter = waiter;
        _task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(_onCompleted);
    }
}
