namespace Sluice.Server.Access;

/// <summary>Which tokens are taken, and what they say about who asks.</summary>
internal sealed class JwtSettings
{
    /// <summary>The issuer's address, below which its <c>/.well-known/openid-configuration</c> stands; null where no tokens are taken.</summary>
    public string? Authority { get; set; }

    /// <summary>Whom a token must be meant for: its <c>aud</c>.</summary>
    public string? Audience { get; set; }

    /// <summary>The claim that says what the caller may do: <c>user</c>, <c>viewer</c> or <c>admin</c>; null where every token's holder is a user.</summary>
    public string? RoleClaim { get; set; }

    /// <summary>The claim that lists the models that the caller may ask for; null where every token's holder may ask for all.</summary>
    public string? ModelsClaim { get; set; }

    /// <summary>Whether the issuer has to be asked over https.</summary>
    /// <value>Default true.</value>
    public bool RequireHttps { get; set; } = true;
}
