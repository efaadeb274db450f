using System.Security.Claims;

namespace Sluice.Server.Access;

/// <summary>Callers in ASP.NET Core's words.</summary>
internal static class Principals
{
    /// <summary>A caller that is signed in.</summary>
    /// <param name="owner">See <see cref="Chat.Caller.Id"/>.</param>
    /// <param name="role">What it may do.</param>
    /// <param name="scheme">How it was found out.</param>
    /// <param name="others">What else is to be said.</param>
    public static ClaimsPrincipal Of(string owner, string role, string scheme, params IEnumerable<Claim> others) =>
        new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, owner), new Claim(ClaimTypes.Role, role), .. others], scheme));
}
