using System.Threading.Tasks.Sources;

namespace Sluice.Chat;

/// <summary>Where somebody waits for a <see cref="ChunkCall"/>: one task after the other, nothing allocated for each.</summary>
internal sealed class ChunkTask : IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <summary>The chunk that the last wait brought.</summary>
    public ChatChunk Current { get; set; }

    /// <summary>Begins the next wait; the last one has been consumed.</summary>
    public ValueTask<bool> Begin()
    {
        _core.Reset();
        return new ValueTask<bool>(this, _core.Version);
    }

    /// <summary>Ends the wait. Who waits goes on inside this call.</summary>
    public void Complete(bool any) => _core.SetResult(any);

    /// <summary>Ends the wait with a failure. Who waits goes on inside this call.</summary>
    public void Fail(Exception error) => _core.SetException(error);

    bool IValueTaskSource<bool>.GetResult(short token) => _core.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
