using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Sluice.Endpoints;

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

    private static readonly string Page = Read("login.html");
    private static readonly byte[] Style = Encoding.UTF8.GetBytes(Read("login.css"));

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

    /// <summary>The page's style.</summary>
    public static Task StyleAsync(HttpContext context)
    {
        context.Response.ContentType = "text/css; charset=utf-8";
        context.Response.ContentLength = Style.Length;
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-cache";
        return context.Response.Body.WriteAsync(Style, 0, Style.Length, context.RequestAborted);
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
        var body = Encoding.UTF8.GetBytes(Page.Replace("<!-- content -->", content, StringComparison.Ordinal));
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

    private static string Read(string file)
    {
        using var stream = typeof(LoginPage).Assembly.GetManifestResourceStream($"page/{file}") ?? throw new InvalidOperationException($"The page's file {file} is missing from the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
