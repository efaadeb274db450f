using Sluice.Server.Status;

namespace Sluice.Server.Features;

/// <summary>The status page: how the server does, live. Its figures come over SSE from the server itself, one sample a second for all who look.</summary>
internal static class StatusPage
{
    private static readonly (string Path, string File, string ContentType)[] Files =
    [
        ("/status", "status.html", "text/html; charset=utf-8"),
        ("/status/status.js", "status.js", "text/javascript; charset=utf-8"),
        ("/status/status.css", "status.css", "text/css; charset=utf-8"),
        ("/status/uplot.js", "uPlot.iife.min.js", "text/javascript; charset=utf-8"),
        ("/status/uplot.css", "uPlot.min.css", "text/css; charset=utf-8"),
        ("/status/uplot.license.txt", "uPlot.LICENSE.txt", "text/plain; charset=utf-8"),
    ];

    /// <summary>Adds what takes the samples.</summary>
    public static void AddStatusPage(this IServiceCollection services)
    {
        services.AddSingleton<StatusSampler>();
        services.AddSingleton<StatusEvents>();
    }

    /// <summary>Maps the page, its files and its figures.</summary>
    public static void MapStatusPage(this IEndpointRouteBuilder endpoints)
    {
        foreach (var (path, file, contentType) in Files)
        {
            endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], new PageFile($"status/{file}", contentType).SendAsync);
        }

        endpoints.MapGet("/status/events", endpoints.ServiceProvider.GetRequiredService<StatusEvents>().SendAsync).DisableRequestTimeout();
    }
}
