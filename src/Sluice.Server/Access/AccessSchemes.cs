using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Sluice.Server.Access;

/// <summary>The ways to say who one is.</summary>
internal static class AccessSchemes
{
    /// <summary>Chooses one of the others.</summary>
    public const string Any = "Sluice";

    /// <summary>An API key in a header.</summary>
    public const string Key = "Key";

    /// <summary>A browser's cookie.</summary>
    public const string Session = "Session";

    /// <summary>A signed link to one stream's events.</summary>
    public const string Capability = "Capability";

    /// <summary>A token of an OpenID Connect issuer.</summary>
    public const string Jwt = JwtBearerDefaults.AuthenticationScheme;
}
