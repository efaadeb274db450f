using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>Knows a caller by a signed link, on the events of the one stream that it is for, and nowhere else.</summary>
internal sealed class CapabilityHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, Capabilities capabilities)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>The name in the query.</summary>
    public const string Parameter = "capability";

    private const string Route = "/v1/streams/{id}/events";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        var given = Request.Query[Parameter];
        var isEvents = Context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: Route };
        if (given.Count != 1 || !isEvents || capabilities.Redeem(given.ToString(), Request.RouteValues["id"] as string ?? "") is not { } caller)
        {
            return AuthenticateResult.Fail("The link is not valid here, or no longer.");
        }

        Context.Features.Set<ICallerFeature>(new SignedInCaller(caller));
        return AuthenticateResult.Success(new AuthenticationTicket(Principals.Of(caller.Id, AccessRules.Follower, Scheme.Name), Scheme.Name));
    }
}
