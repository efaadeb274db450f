namespace Sluice.Server.Features;

/// <summary>The pages that people look at: the chat, and the status. Their files are built from <c>src/Sluice.Server/web</c>.</summary>
internal static class WebPages
{
    /// <summary>The route of the files that the pages load.</summary>
    public const string AssetsRoute = "/assets/{file}";

    private const string None = "This server was built without its pages (-p:BuildUi=false). The API is all here: docs/http-api.md.\n";

    /// <summary>Maps the pages and their files.</summary>
    public static void MapWebPages(this IEndpointRouteBuilder endpoints)
    {
        if (!WebFile.Any)
        {
            Map(endpoints, "/", static context => context.Response.WriteAsync(None, context.RequestAborted));
            return;
        }

        var assets = WebFile.Assets.ToDictionary(name => name, WebFile.Asset, StringComparer.Ordinal);
        Map(endpoints, "/", WebFile.Named("index.html").SendAsync);
        Map(endpoints, "/status", WebFile.Named("status.html").SendAsync);
        Map(endpoints, "/licenses.md", WebFile.Named("licenses.md").SendAsync);
        Map(endpoints, "/favicon.svg", WebFile.Named("favicon.svg").SendAsync);
        Map(endpoints, AssetsRoute, context => assets.TryGetValue((string)context.Request.RouteValues["file"]!, out var asset) ? asset.SendAsync(context) : NotFound(context));
    }

    private static void Map(IEndpointRouteBuilder endpoints, string pattern, RequestDelegate handler) => endpoints.MapMethods(pattern, [HttpMethods.Get, HttpMethods.Head], handler);

    private static Task NotFound(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
