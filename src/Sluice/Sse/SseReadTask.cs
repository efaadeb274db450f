using System.Threading.Tasks.Sources;

namespace Sluice.Sse;

/// <summary>A wait for a reader's next event, as a task: one after the other, nothing allocated for each.</summary>
/// <param name="reader">The reader.</param>
internal sealed class SseReadTask(SseReader reader) : IValueTaskSource<bool>, IThreadPoolWorkItem
{
    private ManualResetValueTaskSourceCore<bool> _found;
    private CancellationToken _cancellation;

    /// <summary>Begins the next wait; the last one has been consumed.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        _cancellation = cancellationToken;
        _found.Reset();
        reader.Wait(this);
        return new ValueTask<bool>(this, _found.Version);
    }

    void IThreadPoolWorkItem.Execute()
    {
        bool any;
        try
        {
            if (!reader.TryRead(_cancellation, out any))
            {
                reader.Wait(this);
                return;
            }
        }
        catch (Exception e)
        {
            _found.SetException(e);
            return;
        }

        _found.SetResult(any);
    }

    bool IValueTaskSource<bool>.GetResult(short token) => _found.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<bool>.GetStatus(short token) => _found.GetStatus(token);

    void IValueTaskSource<bool>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _found.OnCompleted(continuation, state, token, flags);
}
