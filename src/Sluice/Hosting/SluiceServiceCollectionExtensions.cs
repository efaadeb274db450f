using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Endpoints;
using Sluice.Hosting;
using Sluice.Limits;
using Sluice.Pipeline;
using Sluice.Streams;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Sluice to an application's services.</summary>
public static class SluiceServiceCollectionExtensions
{
    /// <summary>Adds Sluice. Map its endpoints with <c>app.MapSluice()</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="section">The configuration's <c>Sluice</c> section. Watched: changes come into force without a restart.</param>
    public static ISluiceBuilder AddSluice(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        var builder = new SluiceBuilder(services, section);
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(builder);
        services.AddSingleton<SluiceMetrics>();
        services.AddSingleton<SluiceOptionsReader>();
        services.AddSingleton<RoutingTableFactory>();
        services.AddSingleton<StreamOptions>();
        services.AddSingleton<EndpointOptions>();
        services.AddSingleton<SluiceReload>();
        services.AddSingleton<IModelCatalog>(static services => services.GetRequiredService<ModelRouter>());
        services.AddSingleton(static services => new ModelRouter(
            services.GetRequiredService<RoutingTableFactory>().Create(services.GetRequiredService<SluiceOptionsReader>().Read()),
            services.GetRequiredService<ILogger<ModelRouter>>()));

        // The pipeline: each step a provider around the next. Time limits stand around each target, inside the step that chooses among them.
        services.AddSingleton(static services => new RetryBudget(services.GetRequiredService<TimeProvider>()));
        services.AddSingleton(static services => new FailoverServices(
            services.GetRequiredService<ModelRouter>(),
            services.GetRequiredService<RetryBudget>(),
            services.GetRequiredService<SluiceMetrics>(),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<FailoverProvider>>()));
        services.AddSingleton<IChatProvider>(static services => new MeteredProvider(
            new FailoverProvider(services.GetRequiredService<FailoverServices>()),
            services.GetRequiredService<Metering>()));
        services.AddSingleton(static services => new Metering(
            services.GetRequiredService<SluiceMetrics>(),
            new ModelLabels(services.GetRequiredService<ModelRouter>().Configured),
            services.GetRequiredService<TimeProvider>(),
            services.GetRequiredService<ILogger<MeteredProvider>>()));
        services.AddSingleton<UnreachableProviders>();
        services.AddHostedService<ProviderProbe>();
        services.AddSingleton<ITargetStatusSource>(static services =>
        {
            var statuses = new TargetStatuses(services.GetRequiredService<ModelRouter>(), services.GetRequiredService<RetryBudget>(), services.GetRequiredService<UnreachableProviders>());
            services.GetRequiredService<SluiceMetrics>().Targets.Observe(() => statuses.Targets.Select(target => (target.Model, target.Provider, target.Active, target.Circuit)));
            return statuses;
        });

        // Limits: asked before a stream is opened, settled by the step that counts.
        services.AddSingleton<LimitMetrics>();
        services.AddSingleton<SpendingBook>();
        services.AddSingleton<Admission>();
        services.AddSingleton<IAdmission>(static services => services.GetRequiredService<Admission>());
        services.TryAddSingleton<ISpendingStore, MemorySpendingStore>();
        services.AddHostedService<SpendingWriter>();

        services.AddSingleton<StreamHub>();
        services.AddSingleton<StreamResume>();
        services.AddSingleton<AskStreamEndpoint>();
        services.AddSingleton<ChatCompletionsEndpoint>();
        services.AddSingleton<StreamsEndpoint>();
        services.AddSingleton<ModelsEndpoint>();
        services.AddSingleton<HealthEndpoint>();
        services.AddSingleton<StatusEndpoint>();
        services.AddHostedService<StreamDrain>();
        return builder;
    }

    /// <summary>Adds a Bella OpenAPI upstream.</summary>
    /// <param name="builder">Sluice.</param>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Sets it up.</param>
    public static ISluiceBuilder AddBella(this ISluiceBuilder builder, string name, Action<ProviderOptions> configure) =>
        Add(builder, name, "bella", configure);

    /// <summary>Adds an OpenAI-compatible upstream.</summary>
    /// <param name="builder">Sluice.</param>
    /// <param name="name">Its name.</param>
    /// <param name="configure">Sets it up.</param>
    public static ISluiceBuilder AddOpenAi(this ISluiceBuilder builder, string name, Action<ProviderOptions> configure) =>
        Add(builder, name, "openai", configure);

    private static ISluiceBuilder Add(ISluiceBuilder builder, string name, string type, Action<ProviderOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        return builder.ConfigureProvider(name, provider =>
        {
            provider.Type = type;
            configure(provider);
        });
    }
}
