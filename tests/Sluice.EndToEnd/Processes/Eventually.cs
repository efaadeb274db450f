namespace Sluice.EndToEnd.Processes;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Reads until the value is as wanted.</summary>
    /// <exception cref="TimeoutException">It never was; says what it was last.</exception>
    public static async Task<T> IsAsync<T>(Func<CancellationToken, Task<T>> read, Func<T, bool> wanted, TimeSpan? within = null)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(within ?? Limit);
        using var timer = new PeriodicTimer(Pause);
        var value = await read(limit.Token);
        try
        {
            while (!wanted(value))
            {
                await timer.WaitForNextTickAsync(limit.Token);
                value = await read(limit.Token);
            }
        }
        catch (OperationCanceledException e) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"After {within ?? Limit} it still was: {value}", e);
        }

        return value;
    }
}
