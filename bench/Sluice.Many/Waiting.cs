namespace Sluice.Many;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks until it is so.</summary>
    /// <returns>False where it was not so in time.</returns>
    public static async Task<bool> UntilAsync(Func<bool> isSo, TimeSpan within)
    {
        using var limit = new CancellationTokenSource(within);
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (!isSo())
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return isSo();
        }
    }
}
