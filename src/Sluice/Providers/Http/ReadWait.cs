namespace Sluice.Providers.Http;

/// <summary>One wait as a task, for what is waited for rarely.</summary>
internal sealed class ReadWait : TaskCompletionSource, IThreadPoolWorkItem
{
    /// <inheritdoc/>
    public void Execute() => SetResult();
}
