using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Sluice.Endpoints;
using Sluice.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps Sluice's endpoints.</summary>
public static class SluiceEndpointRouteBuilderExtensions
{
    /// <summary>Maps <c>/ask/stream</c>, <c>/v1/...</c>, <c>/healthz</c>, <c>/readyz</c> and <c>/statusz</c>, as one group.</summary>
    /// <param name="endpoints">The application.</param>
    /// <returns>The group, for authorization, CORS and rate limits.</returns>
    /// <exception cref="InvalidOperationException"><c>services.AddSluice(...)</c> was not called.</exception>
    /// <exception cref="SluiceConfigurationException">The configuration has errors.</exception>
    public static IEndpointConventionBuilder MapSluice(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var reader = services.GetService<SluiceOptionsReader>()
            ?? throw new InvalidOperationException("Sluice's services are missing. Call builder.Services.AddSluice(builder.Configuration.GetSection(\"Sluice\")) before building the app.");
        services.GetRequiredService<SluiceReload>().Start(reader.Read());

        var ask = services.GetRequiredService<AskStreamEndpoint>();
        var chat = services.GetRequiredService<ChatCompletionsEndpoint>();
        var streams = services.GetRequiredService<StreamsEndpoint>();
        var models = services.GetRequiredService<ModelsEndpoint>();
        var health = services.GetRequiredService<HealthEndpoint>();
        var group = endpoints.MapGroup("");
        group.MapMethods("/ask/stream", [HttpMethods.Get, HttpMethods.Post], ask.HandleAsync).DisableRequestTimeout();
        group.MapPost("/v1/chat/completions", chat.HandleAsync).DisableRequestTimeout();
        group.MapGet("/v1/streams/{id}", streams.GetAsync);
        group.MapGet("/v1/streams/{id}/events", streams.EventsAsync).DisableRequestTimeout();
        group.MapPost("/v1/streams/{id}/cancel", streams.CancelAsync);
        group.MapGet("/v1/models", models.ListAsync);
        group.MapGet("/v1/models/{**id}", models.GetAsync);
        group.MapGet("/healthz", HealthEndpoint.AliveAsync);
        group.MapGet("/readyz", health.ReadyAsync);
        group.MapGet("/statusz", services.GetRequiredService<StatusEndpoint>().GetAsync);
        return group;
    }
}
