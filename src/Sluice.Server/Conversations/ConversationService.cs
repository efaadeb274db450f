using Sluice.Server.Storage;

namespace Sluice.Server.Conversations;

/// <summary>Opens the store before the server listens, keeps running answers stored meanwhile, and closes it when the last ending is stored.</summary>
internal sealed class ConversationService(ConversationKeeper keeper, ConversationStore store, AnswerStore answers, ServerLock alone, TimeProvider time, ILogger<ConversationService> logger) : IHostedLifecycleService, IAsyncDisposable
{
    /// <summary>How much of an answer's text a server that is killed may lose.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A server that has said nothing for so long is dead.
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxGap = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxLast = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _timer = new(Interval, time);
    private Task _running = Task.CompletedTask;
    private long? _renewed;
    private long _steadySince;
    private bool _isFailing;
    private bool _isClosed;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.Database.OpenAsync(cancellationToken);
        var isAlone = await alone.TakeAsync(cancellationToken);
        await RenewAsync(cancellationToken);
        await JudgeAsync(isAlone ? OtherServers.Dead : OtherServers.Spared, cancellationToken);
        ConversationMessages.Kept(logger, alone.Where);
        _running = Task.Run(RunAsync, CancellationToken.None);
    }

    /// <inheritdoc/>
    /// <remarks>Behind everything else: the answers have ended by now.</remarks>
    public Task StoppedAsync(CancellationToken cancellationToken) => CloseAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _stop.Dispose();
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync()
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(_stop.Token))
            {
                await TryLookAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Whoever closes this stores what is left.
        }
    }

    private async Task TryLookAsync()
    {
        // While the database fails, the little that a lease is asks whether it is back: not the whole texts of all answers.
        var isDue = _isFailing || _renewed is not { } renewed || time.GetElapsedTime(renewed) >= RenewEvery;
        var wasFailing = _isFailing;
        _isFailing = false;
        if (isDue && !await TryAsync(RenewAsync, wasFailing))
        {
            _renewed = null;
            return;
        }

        // Each for itself: one that cannot be stored keeps nothing else.
        if (isDue)
        {
            await TryAsync(stop => JudgeAsync(time.GetElapsedTime(_steadySince) >= Lease ? OtherServers.Leased : OtherServers.Spared, stop), wasFailing);
        }

        await TryAsync(keeper.CheckpointAsync, wasFailing);
    }

    private async Task<bool> TryAsync(Func<CancellationToken, Task> act, bool wasFailing)
    {
        try
        {
            await act(_stop.Token);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // Whatever it is, the next round comes. Told once, not every second.
            if (!wasFailing && !_isFailing)
            {
                ConversationMessages.CheckpointFailed(logger, e);
            }

            _isFailing = true;
            return false;
        }
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        await answers.RenewAsync(Lease, cancellationToken);

        // Where this server could not renew, others could not either: they get the time to.
        var now = time.GetTimestamp();
        _steadySince = _renewed is { } last && time.GetElapsedTime(last, now) <= MaxGap ? _steadySince : now;
        _renewed = now;
    }

    private async Task JudgeAsync(OtherServers others, CancellationToken cancellationToken)
    {
        if (await answers.JudgeAsync(others, keeper.IsLive, cancellationToken) is var count and > 0)
        {
            ConversationMessages.Interrupted(logger, count);
        }
    }

    private async Task CloseAsync()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        try
        {
            await _stop.CancelAsync();
            await _running;
        }
        finally
        {
            _timer.Dispose();
            await DrainAsync();
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            var last = keeper.Live.Where(static turn => turn.Answer.HasEnded).Select(static turn => turn.Stored).ToList();
            await Task.WhenAny(Task.WhenAll(last), Task.Delay(MaxLast));
            if (last.Count(static stored => !stored.IsCompleted) is var left and > 0)
            {
                ConversationMessages.Left(logger, left);
            }
        }
        finally
        {
            await store.Database.DisposeAsync();
            alone.Dispose();
        }
    }
}
