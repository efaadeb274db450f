namespace Sluice.Hosting;

/// <summary>Everything that can be configured, in the shape of the configuration's <c>Sluice</c> section. docs/configuration.md says what each setting does.</summary>
public sealed class SluiceOptions
{
    /// <summary>What is asked where a request names no model.</summary>
    /// <value>A name of <see cref="Models"/>, <c>provider/model</c>, or a provider's name. Unset: the first model, else the first provider.</value>
    public string? DefaultModel { get; set; }

    /// <summary>The upstreams, by name.</summary>
    public IDictionary<string, ProviderOptions> Providers { get; set; } = new Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The models that may be asked for, by name.</summary>
    public IDictionary<string, ModelOptions> Models { get; set; } = new Dictionary<string, ModelOptions>(StringComparer.Ordinal);

    /// <summary>How long each stage of an upstream call may take.</summary>
    public TimeoutOptions Timeouts { get; set; } = new();

    /// <summary>How often, how soon and for how long a question is asked again.</summary>
    public RetrySettings Retry { get; set; } = new();

    /// <summary>What becomes of an answer that breaks off after some of it was shown.</summary>
    public RescueSettings Rescue { get; set; } = new();

    /// <summary>When a target that fails is no longer asked, and for how long.</summary>
    public BreakerSettings Breaker { get; set; } = new();

    /// <summary>Silence after which a viewer gets a keep-alive comment.</summary>
    /// <value>Default 15 s; 1 s to 300 s.</value>
    public TimeSpan KeepAlive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>What models cost that have no price of their own.</summary>
    public PriceSettings Price { get; set; } = new();

    /// <summary>Sizes, and how much may be asked.</summary>
    public LimitOptions Limits { get; set; } = new();

    /// <summary>How long streams outlive their viewers and their own end.</summary>
    public StreamSettings Streams { get; set; } = new();

    /// <summary>How it is found out how providers do.</summary>
    public HealthSettings Health { get; set; } = new();

    /// <summary>Who may look at the metrics.</summary>
    public MetricsSettings Metrics { get; set; } = new();

    /// <summary>How the server stops.</summary>
    public ShutdownOptions Shutdown { get; set; } = new();
}
