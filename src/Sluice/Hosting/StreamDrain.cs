using Microsoft.Extensions.Hosting;
using Sluice.Streams;

namespace Sluice.Hosting;

/// <summary>Lets running answers finish before anything else of the application stops.</summary>
/// <remarks>The server still listens in this phase (readiness says 503): hosted services are told of stopping before any of them stops.</remarks>
internal sealed class StreamDrain(StreamHub hub, SluiceReload configuration) : IHostedLifecycleService
{
    public Task StoppingAsync(CancellationToken cancellationToken) => hub.DrainAsync(configuration.Current.Shutdown.Grace, cancellationToken);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
