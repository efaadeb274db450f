using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>Who asks, as the application's authentication has found out.</summary>
internal static class Callers
{
    /// <summary>The caller of a request: what <see cref="ICallerFeature"/> says, else the signed-in user by its identifier, else nobody.</summary>
    /// <param name="context">The request, behind authentication.</param>
    public static Caller Of(HttpContext context)
    {
        if (context.Features.Get<ICallerFeature>() is { } feature)
        {
            return feature.Caller;
        }

        // Not `context.User`, which makes somebody with an identity and lists where nobody is signed in: a stream would hold them for as long as it lasts.
        var user = context.Features.Get<IHttpAuthenticationFeature>()?.User;
        var id = user?.FindFirstValue(ClaimTypes.NameIdentifier) ?? user?.FindFirstValue("sub");
        return string.IsNullOrEmpty(id) ? Caller.Anonymous : new Caller(id);
    }
}
