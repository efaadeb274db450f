namespace Sluice.Server.Storage;

/// <summary>Something to write that has a result.</summary>
internal sealed class SqliteWriteOf<T>(Func<SqlSession, Task<T>> write, bool isDurable, CancellationToken cancellationToken) : SqliteWrite(isDurable)
{
    // Whoever waits goes on elsewhere: the writer has others to write for.
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    /// <summary>Completes when it is stored, or has failed.</summary>
    public Task<T> Result => _done.Task;

    /// <inheritdoc/>
    public override void Run(SqlSession session)
    {
        cancellationToken.ThrowIfCancellationRequested();

        // SQLite's statements complete where they are called.
        _result = write(session).GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public override void Complete() => _done.TrySetResult(_result);

    /// <inheritdoc/>
    public override void Fail(Exception reason)
    {
        if (reason is OperationCanceledException && cancellationToken.IsCancellationRequested)
        {
            _done.TrySetCanceled(cancellationToken);
        }
        else
        {
            _done.TrySetException(reason);
        }
    }
}
