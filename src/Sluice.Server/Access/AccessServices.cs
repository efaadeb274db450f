using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HostFiltering;
using Sluice.Endpoints;
using Sluice.Server.Features;
using Sluice.Server.Storage;

namespace Sluice.Server.Access;

/// <summary>Authentication, authorization, CORS and the check of the host, out of ASP.NET Core's own parts. What is switched off is not there at all.</summary>
internal static class AccessServices
{
    private static readonly string[] Exposed =
    [
        "X-Sluice-Stream-Id", "X-Request-Id", "Retry-After", "x-ratelimit-limit-requests", "x-ratelimit-limit-tokens", "x-ratelimit-remaining-requests",
        "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests", "x-ratelimit-reset-tokens",
        "X-Sluice-Conversation-Id", "X-Sluice-Question-Id", "X-Sluice-Answer-Id",
    ];

    /// <summary>Adds what it takes.</summary>
    public static void AddSluiceAccess(this WebApplicationBuilder builder)
    {
        var options = AccessOptions.From(builder.Configuration);
        var services = builder.Services;
        services.AddSingleton(options);

        // The framework's filter stands before everything else: it knows no exception for probes, and its refusal has neither a shape nor a request id.
        services.Configure<HostFilteringOptions>(static hosts =>
        {
            hosts.AllowedHosts = ["*"];
            hosts.AllowEmptyHosts = true;
        });
        services.AddSingleton<HostCheck>();
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins([.. options.Origins]).WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Patch, HttpMethods.Delete).AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
        if (options.Enabled)
        {
            AddCallers(services, options);
        }
    }

    /// <summary>Asks every request who it is. Before any endpoint.</summary>
    /// <exception cref="UsageException">The keys cannot be read.</exception>
    public static void UseSluiceAccess(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<AccessOptions>();
        var endpoints = app.Services.GetRequiredService<EndpointOptions>();
        app.Use(app.Services.GetRequiredService<HostCheck>().PassAsync);
        if (options.Origins.Count > 0)
        {
            endpoints.AllowedOrigins = options.Origins.ToHashSet(StringComparer.OrdinalIgnoreCase);
            app.UseCors();
        }

        if (!options.Enabled)
        {
            return;
        }

        app.Services.GetRequiredService<KeyWatch>().Start();
        var requests = app.Services.GetRequiredService<LiveRequests>();
        app.Use((context, next) => OriginCheck.Passes(context.Request, endpoints)
            ? next(context)
            : ErrorShape.WriteAsync(context, 403, "Another site's page may not act here.", "cross_site"));

        // Before the cookie is made, which is Secure as the request is.
        app.UseForwardedHeaders(ForwardedScheme.Options);
        app.UseAuthentication();
        app.Use(requests.PassAsync);
        app.UseAuthorization();
    }

    /// <summary>A group whose endpoints follow <see cref="AccessRules"/>. What is mapped outside of it is the administrators' alone.</summary>
    public static IEndpointRouteBuilder MapSluiceAccess(this WebApplication app)
    {
        var group = app.MapGroup("");
        if (!app.Services.GetRequiredService<AccessOptions>().Enabled)
        {
            // There is nothing to sign in to, which is no error: a page that asks is told so.
            group.MapGet("/login", static context =>
            {
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            });
            return group;
        }

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
        var login = app.Services.GetRequiredService<LoginPage>();
        group.MapGet("/login", LoginPage.GetAsync);
        group.MapPost("/login", login.PostAsync);
        group.MapPost("/logout", LoginPage.LogoutAsync);
        group.MapPost("/v1/streams/{id}/capability", app.Services.GetRequiredService<CapabilityEndpoint>().HandleAsync);
        return group;
    }

    private static void AddCallers(IServiceCollection services, AccessOptions options)
    {
        services.AddSingleton<KnownKeys>();
        services.AddSingleton<LiveRequests>();
        services.AddSingleton<KeyWatch>();
        services.AddSingleton<Capabilities>();
        services.AddSingleton<CapabilityEndpoint>();
        services.AddSingleton<LoginPage>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AccessRefusals>();
        services.AddDataProtection()
            .SetApplicationName("Sluice")
            .PersistKeysToFileSystem(PrivateDirectory.Make(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Keys.Database))!, "session-keys"), "What signs sessions", "Sluice:Access:Keys:Database"));
        var authentication = services.AddAuthentication(AccessSchemes.Any)
            .AddPolicyScheme(AccessSchemes.Any, null, scheme => scheme.ForwardDefaultSelector = context => SchemeOf(context.Request, options.Jwt.Authority is not null))
            .AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(AccessSchemes.Key, null)
            .AddScheme<AuthenticationSchemeOptions, CapabilityHandler>(AccessSchemes.Capability, null)
            .AddCookie(AccessSchemes.Session, cookie => Sessions.Configure(cookie, options.SessionLifetime));
        if (options.Jwt.Authority is not null)
        {
            authentication.AddJwtBearer(AccessSchemes.Jwt, bearer => Tokens.Configure(bearer, options.Jwt));
        }

        var administrators = new AuthorizationPolicyBuilder().RequireRole(RoleNames.Of(Role.Admin)).Build();
        services.AddAuthorizationBuilder()
            .AddPolicy(AccessRules.Read, static policy => policy.RequireRole(RoleNames.All))
            .AddPolicy(AccessRules.Ask, static policy => policy.RequireRole(RoleNames.Of(Role.User), RoleNames.Of(Role.Admin)))
            .AddPolicy(AccessRules.Follow, static policy => policy.RequireRole([.. RoleNames.All, AccessRules.Follower]))
            .SetDefaultPolicy(administrators)
            .SetFallbackPolicy(administrators);
    }

    // What the client says itself goes before what its browser adds.
    private static string SchemeOf(HttpRequest request, bool takesTokens)
    {
        var given = GivenCredential.Of(request.Headers);
        if (given != default)
        {
            return takesTokens && given is { IsBearer: true, Text: { } text } && !text.StartsWith(ApiKeyText.Prefix, StringComparison.Ordinal) ? AccessSchemes.Jwt : AccessSchemes.Key;
        }

        return request.Query.ContainsKey(CapabilityHandler.Parameter) ? AccessSchemes.Capability : AccessSchemes.Session;
    }
}
