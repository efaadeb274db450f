using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>Tokens of an OpenID Connect issuer: whoever shows one is the issuer's subject.</summary>
internal static class Tokens
{
    // Signatures that only the issuer can make: with a shared secret, or none, anyone could who has it.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    /// <summary>Sets the check up.</summary>
    public static void Configure(JwtBearerOptions bearer, JwtSettings settings)
    {
        bearer.Authority = settings.Authority;
        bearer.Audience = settings.Audience;
        bearer.RequireHttpsMetadata = settings.RequireHttps;
        bearer.MapInboundClaims = false;
        bearer.TokenValidationParameters.ValidAlgorithms = Algorithms;
        bearer.TokenValidationParameters.ClockSkew = TimeSpan.FromMinutes(1);
        bearer.Events = new JwtBearerEvents
        {
            OnTokenValidated = context =>
            {
                Take(context, settings);
                return Task.CompletedTask;
            },
        };
    }

    private static void Take(TokenValidatedContext context, JwtSettings settings)
    {
        var claims = context.Principal!;
        if (claims.FindFirstValue("sub") is not { Length: > 0 } subject)
        {
            context.Fail("The token names no subject.");
            return;
        }

        // An address holds no space, so no two subjects of any issuers are the same; and no key's name begins like an address.
        var owner = $"{context.SecurityToken.Issuer} {subject}";
        var role = settings.RoleClaim is null ? RoleNames.Of(Role.User) : Highest(Words(claims, settings.RoleClaim));
        context.HttpContext.Features.Set<ICallerFeature>(new SignedInCaller(new Caller(owner) { Models = settings.ModelsClaim is null ? null : Words(claims, settings.ModelsClaim) }));
        context.Principal = Principals.Of(owner, role, AccessSchemes.Jwt);
    }

    // Without a known role the caller is known, and may do nothing.
    private static string Highest(List<string> roles) => roles.Select(RoleNames.Parse).Max() is { } role ? RoleNames.Of(role) : "";

    // A list, or words in one text, as scopes are written.
    private static List<string> Words(ClaimsPrincipal claims, string name) =>
        [.. claims.FindAll(name).SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
}
