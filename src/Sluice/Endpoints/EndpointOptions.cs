namespace Sluice.Endpoints;

/// <summary>The bounds of a request. One instance, changed in place when the configuration is reloaded.</summary>
internal sealed class EndpointOptions
{
    /// <summary>The largest request body, in bytes: messages carry images.</summary>
    /// <value>Default 32 MiB.</value>
    public int MaxRequestBytes { get; set; } = 32 * 1024 * 1024;

    /// <summary>Other sites whose pages may ask, as browsers write them in <c>Origin</c>: <c>https://app.example.com</c>.</summary>
    /// <value>Default none.</value>
    public IReadOnlySet<string> AllowedOrigins { get; set; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}
