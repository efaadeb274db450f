using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Sluice.Endpoints;
using Sluice.Server.Features;

namespace Sluice.Server.Access;

/// <summary><c>/login</c>: a browser signs in with a key, and out again.</summary>
internal sealed class LoginPage(KnownKeys keys, TimeProvider time)
{
    private const string Policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    private const int MaxFormBytes = 8 * 1024;
    private const string SignIn = """
        <form method="post" action="/login">
          <label for="key">API key</label>
          <input id="key" name="key" type="password" required autofocus autocomplete="current-password" spellcheck="false">
          <button type="submit">Sign in</button>
        </form>
        """;

    private const string Content = "<sluice-content></sluice-content>";

    // A server without pages still signs people in: a key in a cookie is all that some dashboards need.
    private static readonly string Page = WebFile.Any ? WebFile.ReadText("login.html") : $"<!doctype html><title>Sluice</title><main>{Content}</main>";

    /// <summary>Shows the form; to someone who is signed in, the way out.</summary>
    public static Task GetAsync(HttpContext context) => context.Features.Get<ICallerFeature>() is KnownKey { Record.Name: var name }
        ? ShowAsync(context, 200, $"""
            <p>Signed in with the key <strong>{HtmlEncoder.Default.Encode(name)}</strong>.</p>
            <p><a href="/">Chat</a></p>
            <form method="post" action="/logout"><button type="submit">Sign out</button></form>
            """)
        : ShowAsync(context, 200, SignIn);

    /// <summary>Signs in.</summary>
    public async Task PostAsync(HttpContext context)
    {
        var key = keys.Find(await KeyOfAsync(context));
        if (key?.Record.StateAt(time.GetUtcNow()) != ApiKeyState.Active)
        {
            await ShowAsync(context, 401, $"""<p class="bad" role="alert">This key is not valid.</p>{SignIn}""");
            return;
        }

        await Sessions.SignInAsync(context, key);
        SeeOther(context, "/");
    }

    /// <summary>Signs out.</summary>
    public static async Task LogoutAsync(HttpContext context)
    {
        await context.SignOutAsync(AccessSchemes.Session);
        SeeOther(context, "/login");
    }

    private static async Task<string> KeyOfAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > MaxFormBytes)
        {
            return "";
        }

        try
        {
            return (await context.Request.ReadFormAsync(context.RequestAborted))["key"].ToString().Trim();
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            // No form, whatever its type says.
            return "";
        }
    }

    private static async Task ShowAsync(HttpContext context, int status, string content)
    {
        var body = Encoding.UTF8.GetBytes(Page.Replace(Content, content, StringComparison.Ordinal));
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "no-store";

        // Not `no-referrer`: then a browser would send `Origin: null` with the form.
        headers["Referrer-Policy"] = "same-origin";
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static void SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
    }
}
