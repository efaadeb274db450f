using System.Security.Claims;
using Microsoft.AspNetCore.Http;
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

        var id = context.User.FindFirstValue(ClaimTypes.NameIdentifier) ?? context.User.FindFirstValue("sub");
        return string.IsNullOrEmpty(id) ? Caller.Anonymous : new Caller(id);
    }
}
