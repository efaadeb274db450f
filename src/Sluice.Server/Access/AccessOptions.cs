using Sluice.Hosting;

namespace Sluice.Server.Access;

/// <summary>Who may ask: the <c>Access</c> settings. Read once, at start.</summary>
internal sealed class AccessOptions
{
    /// <summary>Whether everyone has to say who he is.</summary>
    public bool Enabled { get; set; }

    /// <summary>Whether the server may listen beyond this machine although nobody is asked who he is.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>The names under which the server may be reached (the <c>Host</c> header); <c>*.example.com</c> stands for all below.</summary>
    /// <value>None: any name; without <see cref="Enabled"/>, on this machine, only this machine's own.</value>
    public IList<string> Hosts { get; set; } = [];

    /// <summary>Other sites whose pages may ask: exact origins, such as <c>https://app.example.com</c>.</summary>
    public IList<string> Origins { get; set; } = [];

    /// <summary>How long a browser stays signed in; in the second half of it a request begins it anew.</summary>
    /// <value>Default 12 h; 1 min to 30 days.</value>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>How long a link to one stream's events can be used.</summary>
    /// <value>Default 10 min; 10 s to 1 day.</value>
    public TimeSpan CapabilityLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>API keys.</summary>
    public KeySettings Keys { get; set; } = new();

    /// <summary>Tokens of an OpenID Connect issuer.</summary>
    public JwtSettings Jwt { get; set; } = new();

    /// <summary>Reads them. What is wrong is left out here; the check of the whole configuration reports it.</summary>
    /// <param name="configuration">The configuration, with its <c>Sluice</c> section.</param>
    public static AccessOptions From(IConfiguration configuration)
    {
        var options = new AccessOptions();
        Settings.Sound(configuration.GetSection("Sluice"), AccessSettings.All).GetSection("Access").Bind(options);
        return options;
    }
}
