using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Pipeline;

namespace Sluice.Hosting;

/// <summary>Asks each provider for its models now and then, so that one that is gone is seen before a question meets it. Off unless configured; costs no tokens.</summary>
internal sealed class ProviderProbe(ModelRouter router, SluiceReload configuration, UnreachableProviders unreachable, TimeProvider time, ILogger<ProviderProbe> logger) : BackgroundService
{
    // How soon a changed setting is seen, and the least pause between two probes.
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var looks = new PeriodicTimer(Look, time);
        long? probed = null;
        try
        {
            while (await looks.WaitForNextTickAsync(stoppingToken))
            {
                var every = configuration.Current.Health.ProbeEvery;
                if (every <= TimeSpan.Zero)
                {
                    unreachable.Keep([]);
                    probed = null;
                }
                else if (probed is not { } last || time.GetElapsedTime(last) >= every)
                {
                    probed = time.GetTimestamp();
                    await ProbeAllAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task ProbeAllAsync(CancellationToken cancellationToken)
    {
        var providers = router.Table.Upstreams.Where(static upstream => upstream.Value.Directory is not null).ToList();
        unreachable.Keep([.. providers.Select(static provider => provider.Key)]);
        await Task.WhenAll(providers.Select(provider => ProbeAsync(provider.Key, provider.Value.Directory!, cancellationToken)));
    }

    private async Task ProbeAsync(string name, ModelDirectory directory, CancellationToken cancellationToken)
    {
        string? code = null;
        try
        {
            await directory.AskAnewAsync(cancellationToken);
        }
        catch (ChatProviderException e)
        {
            code = e.Code;
        }

        if (!unreachable.Set(name, code))
        {
            return;
        }

        if (code is null)
        {
            HostingMessages.ProviderAnswers(logger, name);
        }
        else
        {
            HostingMessages.ProviderUnreachable(logger, name, code);
        }
    }
}
