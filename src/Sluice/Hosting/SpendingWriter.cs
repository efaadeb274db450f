using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Limits;

namespace Sluice.Hosting;

/// <summary>Reads what has been spent before the server listens, and writes what is spent behind everyone's back: every few seconds, and at the end.</summary>
internal sealed class SpendingWriter(SpendingBook book, ISpendingStore store, TimeProvider time, ILogger<SpendingWriter> logger) : BackgroundService
{
    /// <summary>How much of what was spent a process that is killed may lose.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    // From the start on, whenever the loop begins to run.
    private readonly PeriodicTimer _timer = new(Interval, time);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        book.Load(await store.LoadAsync(new DateOnly(today.Year, today.Month, 1), cancellationToken), today);
        await base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is left is written by whoever stops this.
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var amounts = book.TakePending();
        if (amounts.Count == 0)
        {
            return;
        }

        try
        {
            await store.AddAsync(amounts, cancellationToken);
        }
        catch (Exception e)
        {
            // Kept, and tried again with what has come by then: amounts of one account and day are one.
            book.PutBack(amounts);
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                throw;
            }

            HostingMessages.SpendingNotStored(logger, e, amounts.Count);
        }
    }
}
