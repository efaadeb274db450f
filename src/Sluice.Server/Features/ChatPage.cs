using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Sluice.Server.Features;

/// <summary>The chat page: a few files inside the assembly, so that one binary is all there is.</summary>
internal static class ChatPage
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly (string Path, string File, string ContentType)[] Files =
    [
        ("/", "index.html", "text/html; charset=utf-8"),
        .. Scripts("app.js", "turn.js", "stream.js", "text.js", "scroll.js", "history.js", "words.js"),
        ("/app.css", "app.css", "text/css; charset=utf-8"),
        ("/favicon.svg", "favicon.svg", "image/svg+xml"),
    ];

    /// <summary>Maps the page and its files.</summary>
    public static void MapChatPage(this IEndpointRouteBuilder endpoints)
    {
        foreach (var (path, file, contentType) in Files)
        {
            var body = Read(file);
            var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(body))[..16]}\"");
            endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], context => SendAsync(context, body, contentType, tag));
        }
    }

    private static IEnumerable<(string Path, string File, string ContentType)> Scripts(params IEnumerable<string> files) =>
        files.Select(file => ($"/{file}", file, "text/javascript; charset=utf-8"));

    private static async Task SendAsync(HttpContext context, byte[] body, string contentType, EntityTagHeaderValue tag)
    {
        var headers = context.Response.Headers;
        headers.ETag = tag.ToString();
        headers.CacheControl = "no-cache";
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        if (IsKnown(context, tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = contentType;
        context.Response.ContentLength = body.Length;
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    // Weak comparison: a proxy that compresses makes a tag weak. RFC 9110, 13.1.2.
    private static bool IsKnown(HttpContext context, EntityTagHeaderValue tag) =>
        context.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(tag, useStrongComparison: false));

    private static byte[] Read(string file)
    {
        using var stream = typeof(ChatPage).Assembly.GetManifestResourceStream($"page/{file}")
            ?? throw new InvalidOperationException($"The page's file {file} is missing from the assembly.");
        var body = new byte[stream.Length];
        stream.ReadExactly(body);
        return body;
    }
}
