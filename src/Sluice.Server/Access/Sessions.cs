using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>Browsers that signed in with a key. The cookie names the key, and is worth as much as the key is at the moment.</summary>
internal static class Sessions
{
    private const string KeyClaim = "sluice:key";

    /// <summary>Sets the cookie up.</summary>
    public static void Configure(CookieAuthenticationOptions cookie, TimeSpan lifetime)
    {
        cookie.Cookie.Name = "sluice_session";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = lifetime;
        cookie.SlidingExpiration = true;
        cookie.Events.OnValidatePrincipal = Validate;
        cookie.Events.OnCheckSlidingExpiration = static context =>
        {
            // With a cookie comes a Cache-Control of its own, in place of the stream's: what stands between would no longer know that it must not touch the stream.
            context.ShouldRenew &= !AccessRules.IsEventStream(context.HttpContext.GetEndpoint());
            return Task.CompletedTask;
        };
    }

    /// <summary>Signs a key's holder in.</summary>
    public static Task SignInAsync(HttpContext context, KnownKey key)
    {
        var session = new ClaimsPrincipal(new ClaimsIdentity([new Claim(KeyClaim, key.Record.Id)], AccessSchemes.Session));
        return context.SignInAsync(AccessSchemes.Session, session, new AuthenticationProperties { IsPersistent = true });
    }

    private static Task Validate(CookieValidatePrincipalContext context)
    {
        var (services, http) = (context.HttpContext.RequestServices, context.HttpContext);
        var id = context.Principal?.FindFirstValue(KeyClaim);
        var key = id is null ? null : services.GetRequiredService<KnownKeys>().ById(id);
        if (key?.Record.StateAt(services.GetRequiredService<TimeProvider>().GetUtcNow()) != ApiKeyState.Active)
        {
            context.RejectPrincipal();
            return Task.CompletedTask;
        }

        http.Features.Set<ICallerFeature>(key);

        // What the cookie holds is not touched: a renewed one names the key again, and nothing else. Authorization sees what the key may do now.
        context.Principal!.AddIdentity((ClaimsIdentity)key.Principal.Identity!);
        return Task.CompletedTask;
    }
}
