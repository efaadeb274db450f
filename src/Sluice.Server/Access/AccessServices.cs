using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace Sluice.Server.Access;

/// <summary>Authentication and authorization, out of ASP.NET Core's own parts. Switched off they are not there at all.</summary>
internal static class AccessServices
{
    /// <summary>Adds what it takes.</summary>
    public static void AddSluiceAccess(this WebApplicationBuilder builder)
    {
        var options = AccessOptions.From(builder.Configuration);
        var services = builder.Services;
        services.AddSingleton(options);
        if (!options.Enabled)
        {
            return;
        }

        services.AddSingleton<KnownKeys>();
        services.AddSingleton<LiveRequests>();
        services.AddSingleton<KeyWatch>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        services.AddAuthentication(AccessSchemes.Any)
            .AddPolicyScheme(AccessSchemes.Any, null, static scheme => scheme.ForwardDefaultSelector = static context => SchemeOf(context.Request))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(AccessSchemes.Key, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(AccessRules.Read, static policy => policy.RequireRole(RoleNames.All))
            .AddPolicy(AccessRules.Ask, static policy => policy.RequireRole(RoleNames.Of(Role.User), RoleNames.Of(Role.Admin)))
            .AddPolicy(AccessRules.Follow, static policy => policy.RequireRole([.. RoleNames.All, AccessRules.Follower]))
            .SetDefaultPolicy(Administrators)
            .SetFallbackPolicy(Administrators);
    }

    /// <summary>Asks every request who it is. Before any endpoint.</summary>
    /// <exception cref="Features.UsageException">The keys cannot be read.</exception>
    public static void UseSluiceAccess(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<AccessOptions>().Enabled)
        {
            return;
        }

        app.Services.GetRequiredService<KeyWatch>().Start();
        var requests = app.Services.GetRequiredService<LiveRequests>();
        app.UseAuthentication();
        app.Use(requests.PassAsync);
        app.UseAuthorization();
    }

    /// <summary>A group whose endpoints follow <see cref="AccessRules"/>. What is mapped outside of it is the administrators' alone.</summary>
    public static IEndpointRouteBuilder MapSluiceAccess(this WebApplication app)
    {
        var group = app.MapGroup("");
        if (app.Services.GetRequiredService<AccessOptions>().Enabled)
        {
            ((IEndpointConventionBuilder)group).Add(static endpoint =>
            {
                var pattern = ((RouteEndpointBuilder)endpoint).RoutePattern.RawText ?? "";
                if (AccessRules.IsAnonymous(pattern))
                {
                    endpoint.Metadata.Add(new AllowAnonymousAttribute());
                }
                else if (AccessRules.PolicyOf(pattern) is { } policy)
                {
                    endpoint.Metadata.Add(new AuthorizeAttribute(policy));
                }
            });
        }

        return group;
    }

    private static AuthorizationPolicy Administrators { get; } = new AuthorizationPolicyBuilder().RequireRole(RoleNames.Of(Role.Admin)).Build();

    private static string SchemeOf(HttpRequest request) => AccessSchemes.Key;
}
