namespace Sluice.Endpoints;

/// <summary>The bounds of a request. One instance, changed in place when the configuration is reloaded.</summary>
internal sealed class EndpointOptions
{
    /// <summary>The largest request body, in bytes: messages carry images.</summary>
    /// <value>Default 32 MiB.</value>
    public int MaxRequestBytes { get; set; } = 32 * 1024 * 1024;
}
