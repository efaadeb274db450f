using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using Sluice.Diagnostics;

namespace Sluice.Server.Features;

/// <summary>What leaves the process of its metrics: Prometheus at <c>/metrics</c>, OTLP where the environment names a collector.</summary>
/// <remarks>OTLP goes by OpenTelemetry's own variables (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and its kin): https://opentelemetry.io/docs/specs/otel/protocol/exporter/
/// Without one nothing leaves. ASP.NET Core's own instrumentation is left out on purpose: an Activity that is the current one would be carried around by each continuation of
/// each token.</remarks>
internal static class Telemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    // The runtime's own meters: connections, requests, memory, the collector, the thread pool.
    private static readonly string[] Meters = [SluiceMetrics.MeterName, "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Hosting", "System.Runtime"];

    /// <summary>Collects what somebody will look at; nothing where nobody does.</summary>
    public static void AddSluiceTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var (scraped, pushed) = (IsScraped(configuration), IsPushed(configuration, "METRICS"));
        if (scraped || pushed)
        {
            services.AddOpenTelemetry().WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                _ = scraped ? metrics.AddPrometheusExporter() : metrics;
                _ = pushed ? metrics.AddOtlpExporter() : metrics;
            });
        }

        if (IsPushed(configuration, "TRACES"))
        {
            services.AddOpenTelemetry().WithTracing(static traces => traces.AddSource(SluiceTraces.SourceName).AddOtlpExporter());
        }
    }

    /// <summary>Maps <c>/metrics</c>, unless it is switched off.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder endpoints)
    {
        if (IsScraped(endpoints.ServiceProvider.GetRequiredService<IConfiguration>()))
        {
            endpoints.MapPrometheusScrapingEndpoint("/metrics");
        }
    }

    private static bool IsScraped(IConfiguration configuration) => !bool.TryParse(configuration["Sluice:Metrics:Prometheus"], out var isOn) || isOn;

    private static bool IsPushed(IConfiguration configuration, string signal) =>
        configuration["OTEL_SDK_DISABLED"]?.Equals("true", StringComparison.OrdinalIgnoreCase) is not true
        && (!string.IsNullOrWhiteSpace(configuration[Endpoint]) || !string.IsNullOrWhiteSpace(configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"]));
}
