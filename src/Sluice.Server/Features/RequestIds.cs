using System.Security.Cryptography;

namespace Sluice.Server.Features;

/// <summary>A name for each request, in its answer and in the log: the client's own where it is harmless, else a new one.</summary>
internal static class RequestIds
{
    private const string Header = "X-Request-Id";
    private const int MaxChars = 64;

    /// <summary>Gives every request its name, <c>HttpContext.TraceIdentifier</c>.</summary>
    public static void UseRequestIds(this WebApplication app) => app.Use(static next => context =>
    {
        var id = context.Request.Headers[Header].ToString();
        id = IsHarmless(id) ? id : $"req_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))}";
        context.TraceIdentifier = id;
        context.Response.Headers[Header] = id;
        return next(context);
    });

    // Nothing that could be more than a name where it is shown: in a log, a header, a page.
    private static bool IsHarmless(string id) => id.Length is > 0 and <= MaxChars && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');
}
