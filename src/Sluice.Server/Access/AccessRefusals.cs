using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Sluice.Server.Features;

namespace Sluice.Server.Access;

/// <summary>Says no in the shape of every other error, to event streams, too. A browser on its way to a page is sent to sign in.</summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    /// <inheritdoc/>
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        // To someone who is signed in, a path where there is nothing is no secret: 404, or 405.
        var isSomething = context.GetEndpoint() is RouteEndpoint;
        if (authorizeResult.Succeeded || (authorizeResult.Forbidden && !isSomething))
        {
            await next(context);
            return;
        }

        if (authorizeResult.Forbidden)
        {
            await ErrorShape.WriteAsync(context, 403, "This key may not do that.", "permission_denied");
            return;
        }

        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Headers["Sec-Fetch-Mode"] == "navigate")
        {
            context.Response.Redirect("/login");
            return;
        }

        // Asked already: the scheme has the answer at hand.
        var failure = (await context.AuthenticateAsync()).Failure;
        context.Response.Headers.WWWAuthenticate = failure is null ? "Bearer realm=\"sluice\"" : "Bearer realm=\"sluice\", error=\"invalid_token\"";
        var reason = failure switch
        {
            null => "No key was sent.",
            _ when GivenCredential.Of(context.Request.Headers) == default && !context.Request.Query.ContainsKey(CapabilityHandler.Parameter) => "The session is over.",
            AuthenticationFailureException => failure.Message,
            _ => "The token is not valid here.",
        };
        await ErrorShape.WriteAsync(context, 401, $"{reason} Send yours as `Authorization: Bearer KEY`.", "invalid_api_key");
    }
}
