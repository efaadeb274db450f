using Scalar.AspNetCore;

namespace Sluice.Server.Features;

/// <summary>What the API takes and gives: <c>/openapi/v1.json</c>, and a page to read it and to try it out.</summary>
/// <remarks>The description is written by hand: the endpoints read and write bytes, of which a generator would see nothing. Tests hold it against what is mapped and what is answered.</remarks>
internal static class ApiReference
{
    // Scalar makes its styles while it runs, and shows data: fonts and pictures of its own.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Maps the description and, where the pages were built, its page.</summary>
    public static void MapApiReference(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/openapi/v1.json", [HttpMethods.Get, HttpMethods.Head], WebFile.Named("openapi.json").SendAsync);
        if (!WebFile.Any)
        {
            return;
        }

        var page = WebFile.Named("reference/index.html", Policy);
        endpoints.MapMethods("/reference", [HttpMethods.Get, HttpMethods.Head], context => context.Request.Path.Value!.EndsWith('/') ? page.SendAsync(context) : SeeOther(context, "reference/"));

        // Scalar's script comes out of its package. Its own page would need inline scripts, so it gives way to ours.
        endpoints.MapScalarApiReference("/reference").Add(static endpoint =>
        {
            if (((RouteEndpointBuilder)endpoint).RoutePattern.RawText!.EndsWith('}'))
            {
                endpoint.RequestDelegate = static context => SeeOther(context, "./");
            }
        });
    }

    // Relative, so that it holds below a path of a proxy.
    private static Task SeeOther(HttpContext context, string path)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
