namespace Sluice.Tests.Support;

/// <summary>A bound for waits that end at an event: only a hang ever reaches it.</summary>
internal static class Within
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    public static Task Soon(this Task task) => task.WaitAsync(Bound, TestContext.Current.CancellationToken);

    public static Task<T> Soon<T>(this Task<T> task) => task.WaitAsync(Bound, TestContext.Current.CancellationToken);

    public static Task Soon(this ValueTask task) => task.AsTask().Soon();

    /// <summary>Waits until something holds that no event tells of.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(Bound);
        while (!holds())
        {
            bound.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
