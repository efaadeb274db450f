using System.Data.Common;
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
    private static readonly TimeSpan MaxLast = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stop = new();
    private readonly PeriodicTimer _timer = new(Interval, time);
    private Task _running = Task.CompletedTask;
    private long _renewed;
    private bool _isFailing;
    private bool _isClosed;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.Database.OpenAsync(cancellationToken);
        await RenewAsync(await alone.TakeAsync(cancellationToken), cancellationToken);
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
        try
        {
            await keeper.CheckpointAsync(_stop.Token);
            if (time.GetElapsedTime(_renewed) >= RenewEvery)
            {
                await RenewAsync(isAlone: false, _stop.Token);
            }

            _isFailing = false;
        }
        catch (DbException e)
        {
            // Told once, not every second.
            if (!_isFailing)
            {
                ConversationMessages.CheckpointFailed(logger, e);
            }

            _isFailing = true;
        }
    }

    private async Task RenewAsync(bool isAlone, CancellationToken cancellationToken)
    {
        var count = await answers.RenewAsync(Lease, isAlone, keeper.IsLive, cancellationToken);
        _renewed = time.GetTimestamp();
        if (count > 0)
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
        await _stop.CancelAsync();
        await _running;
        _timer.Dispose();
        var last = keeper.Live.Where(static turn => turn.Answer.HasEnded).Select(static turn => turn.Stored).ToList();
        await Task.WhenAny(Task.WhenAll(last), Task.Delay(MaxLast));
        if (last.Count(static stored => !stored.IsCompleted) is var left and > 0)
        {
            ConversationMessages.Left(logger, left);
        }

        await store.Database.DisposeAsync();
        alone.Dispose();
    }
}
