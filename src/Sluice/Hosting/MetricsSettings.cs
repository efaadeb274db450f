namespace Sluice.Hosting;

/// <summary>Who may look at the metrics. A collector is named by OpenTelemetry's own variables, such as <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
public sealed class MetricsSettings
{
    /// <summary>Whether the server shows its metrics at <c>/metrics</c>, in Prometheus' text form.</summary>
    /// <value>Default true. Read once, at the start.</value>
    public bool Prometheus { get; set; } = true;
}
