using Sluice.Server.Status;

namespace Sluice.Server.Features;

/// <summary>The figures of the status page: how the server does, live. They come over SSE from the server itself, one sample a second for all who look.</summary>
internal static class StatusFigures
{
    /// <summary>Adds what takes the samples.</summary>
    public static void AddStatusFigures(this IServiceCollection services)
    {
        services.AddSingleton<StatusSampler>();
        services.AddSingleton<StatusEvents>();
    }

    /// <summary>Maps the figures.</summary>
    public static void MapStatusEvents(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/status/events", endpoints.ServiceProvider.GetRequiredService<StatusEvents>().SendAsync).DisableRequestTimeout();
}
