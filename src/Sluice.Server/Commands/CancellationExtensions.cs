namespace Sluice.Server.Commands;

/// <summary>Waiting for Ctrl+C.</summary>
internal static class CancellationExtensions
{
    /// <summary>Completes, without an exception, when the token is cancelled.</summary>
    public static async Task UntilCancelledAsync(this CancellationToken cancellationToken)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = cancellationToken.UnsafeRegister(static state => ((TaskCompletionSource)state!).TrySetResult(), cancelled);
        await cancelled.Task;
    }
}
