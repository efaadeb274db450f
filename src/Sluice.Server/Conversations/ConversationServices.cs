using Sluice.Chat;
using Sluice.Server.Storage;

namespace Sluice.Server.Conversations;

/// <summary>Adds the conversations to the server, and maps their endpoints. What is switched off is not there at all.</summary>
internal static class ConversationServices
{
    private const string What = "The database of conversations";
    private const string Setting = "Sluice:Conversations:Database";

    /// <summary>Adds what it takes.</summary>
    public static void AddSluiceConversations(this IServiceCollection services, IConfiguration configuration)
    {
        var options = ConversationOptions.From(configuration);
        if (!options.Enabled)
        {
            return;
        }

        if (options.ConnectionString is { } connectionString)
        {
            var postgres = new PostgresDatabase(connectionString, PostgresSchema.Migrations);
            services.AddSingleton<ISqlDatabase>(postgres);
            services.AddSingleton<ConversationSql, PostgresSql>();
            services.AddSingleton(new ServerLock(file: null, postgres.Where));
        }
        else
        {
            var file = new SqliteFile(options.Database, What, Setting, SqliteSchema.Migrations);
            if (!options.IsNamed && file.Hindrance() is { } hindrance)
            {
                services.AddHostedService(services => new NothingKept(services.GetRequiredService<ILogger<NothingKept>>(), hindrance));
                return;
            }

            services.AddSingleton<ISqlDatabase>(new SqliteDatabase(file));
            services.AddSingleton<ConversationSql, SqliteSql>();
            services.AddSingleton(new ServerLock(options.Database, $"the file {options.Database}"));
        }

        services.AddSingleton<ConversationStore>();
        services.AddSingleton<AnswerStore>();
        services.AddSingleton<ConversationKeeper>();
        services.AddSingleton<IConversations>(static services => services.GetRequiredService<ConversationKeeper>());
        services.AddSingleton<ConversationEndpoints>();
        services.AddSingleton<ConversationService>();
        services.AddHostedService(static services => services.GetRequiredService<ConversationService>());
    }

    /// <summary>Maps the endpoints, where conversations are kept.</summary>
    public static void MapConversations(this IEndpointRouteBuilder site)
    {
        if (site.ServiceProvider.GetService<ConversationEndpoints>() is not { } endpoints)
        {
            return;
        }

        site.MapGet("/v1/conversations", endpoints.ListAsync);
        site.MapPost("/v1/conversations", endpoints.CreateAsync);
        site.MapDelete("/v1/conversations", endpoints.DeleteAllAsync);
        site.MapGet("/v1/conversations/{id}", endpoints.GetAsync);
        site.MapPatch("/v1/conversations/{id}", endpoints.UpdateAsync);
        site.MapDelete("/v1/conversations/{id}", endpoints.DeleteAsync);
        site.MapGet("/v1/conversations/{id}/export", endpoints.ExportAsync);
    }
}
