namespace Sluice.Server.Features;

/// <summary>The chat page: a few files inside the assembly.</summary>
internal static class ChatPage
{
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
            endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], new PageFile($"page/{file}", contentType).SendAsync);
        }
    }

    private static IEnumerable<(string Path, string File, string ContentType)> Scripts(params IEnumerable<string> files) =>
        files.Select(file => ($"/{file}", file, "text/javascript; charset=utf-8"));
}
