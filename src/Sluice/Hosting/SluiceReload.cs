using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Sluice.Endpoints;
using Sluice.Limits;
using Sluice.Pipeline;
using Sluice.Streams;

namespace Sluice.Hosting;

/// <summary>Puts a configuration in force, now and whenever it changes. One with errors is reported and left aside; what runs is not disturbed.</summary>
internal sealed class SluiceReload(
    SluiceBuilder builder,
    SluiceOptionsReader reader,
    RoutingTableFactory tables,
    ModelRouter router,
    StreamOptions streams,
    EndpointOptions endpoints,
    Admission admission,
    ILogger<SluiceReload> logger) : IDisposable
{
    private readonly Lock _lock = new();
    private IDisposable? _watch;

    /// <summary>The configuration in force.</summary>
    public SluiceOptions Current { get; private set; } = new();

    /// <summary>Puts the first configuration in force and begins to watch.</summary>
    /// <param name="options">The configuration that the router was made with.</param>
    public void Start(SluiceOptions options)
    {
        Apply(options);
        _watch = ChangeToken.OnChange(builder.Section.GetReloadToken, Reload);
    }

    /// <inheritdoc/>
    public void Dispose() => _watch?.Dispose();

    private void Reload()
    {
        lock (_lock)
        {
            try
            {
                var options = reader.Read();
                router.Table = tables.Create(options);
                Apply(options);
                HostingMessages.Reloaded(logger, options.Providers.Count, options.Models.Count);
            }
            catch (SluiceConfigurationException e)
            {
                HostingMessages.ReloadRefused(logger, e.Message);
            }
            catch (Exception e)
            {
                // Code of the application's own takes part (ConfigureProvider); thrown on, its failure would end the process from a timer's thread.
                HostingMessages.ReloadFailed(logger, e);
            }
        }
    }

    private void Apply(SluiceOptions options)
    {
        Current = options;
        streams.KeepAlive = options.KeepAlive;
        streams.Unwatched = options.Streams.Unwatched;
        streams.TimeToLive = options.Streams.TimeToLive;
        streams.MaxRetainedBytes = options.Streams.MaxRetainedBytes;
        streams.MaxTotalBytes = options.Streams.MaxTotalBytes;
        streams.MaxLogBytes = options.Streams.MaxLogBytes;
        streams.MaxLogEvents = options.Streams.MaxLogEvents;
        streams.MaxLagBytes = options.Streams.MaxLagBytes;
        streams.MaxLagEvents = options.Streams.MaxLagEvents;
        streams.MaxBlocked = options.Streams.MaxBlocked;
        admission.Table = LimitTables.Create(options);
        endpoints.MaxRequestBytes = options.Limits.MaxRequestBytes;
    }
}
