using Microsoft.Extensions.Logging;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>Finds who answers for a model.</summary>
internal sealed class ModelRouter(RoutingTable initial, ILogger<ModelRouter> logger) : IModelCatalog
{
    // What servers of a single model take for "the one you have".
    private const string AnyModel = "default";

    private volatile RoutingTable _table = initial;

    /// <summary>The configuration in force. Setting it changes no stream that runs.</summary>
    public RoutingTable Table
    {
        get => _table;
        set => _table = value;
    }

    /// <summary>The route for a model.</summary>
    /// <param name="model">As asked for; null asks for the default model.</param>
    /// <param name="cancellationToken">Ends the wait for an upstream's list of models.</param>
    /// <exception cref="ChatProviderException">Nobody serves it.</exception>
    public async ValueTask<ChatRoute> ResolveAsync(string? model, CancellationToken cancellationToken)
    {
        var table = _table;
        var name = string.IsNullOrEmpty(model) ? table.DefaultModel : model;
        return table.Find(name) ?? await DiscoverAsync(table, name, cancellationToken)
            ?? throw new ChatProviderException(ChatErrorKind.ModelNotFound, NotFound(name)) { Param = "model" };
    }

    /// <summary>The model to ask a target for.</summary>
    /// <param name="target">The target.</param>
    /// <param name="cancellationToken">Ends the wait for its list of models.</param>
    public async ValueTask<string> ModelAtAsync(ChatTarget target, CancellationToken cancellationToken)
    {
        if (target.Model is { } model)
        {
            return model;
        }

        if (!_table.Upstreams.TryGetValue(target.ProviderName, out var upstream) || upstream.Directory is null)
        {
            return AnyModel;
        }

        try
        {
            var models = await upstream.Directory.ListAsync(cancellationToken);
            return models.Count > 0 ? models[0] : AnyModel;
        }
        catch (ChatProviderException e)
        {
            PipelineMessages.NoModelList(logger, target.ProviderName, e.Message);
            return AnyModel;
        }
    }

    /// <summary>A model's name as the configuration writes it; null where it does not. Given null, the default model's.</summary>
    public string? Configured(string? model)
    {
        var table = _table;
        var name = string.IsNullOrEmpty(model) ? table.DefaultModel : model;
        return name == table.DefaultModel || table.Routes.ContainsKey(name) ? name
            : table.Upstreams.ContainsKey(name) ? table.Upstreams.Keys.First(key => key.Equals(name, StringComparison.OrdinalIgnoreCase))
            : null;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> IsServedAsync(string? model, CancellationToken cancellationToken)
    {
        var table = _table;
        var name = string.IsNullOrEmpty(model) ? table.DefaultModel : model;
        return table.Find(name) is not null || await DiscoverAsync(table, name, cancellationToken) is not null;
    }

    /// <inheritdoc/>
    public string NotFound(string model) =>
        $"The model `{(model.Length > 100 ? model[..100] : model)}` is not served here. GET /v1/models lists what is; a provider's other models can be asked for as `provider/model`.";

    /// <inheritdoc/>
    public string DefaultModel => _table.DefaultModel;

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ChatModel>> ListAsync(CancellationToken cancellationToken)
    {
        var table = _table;
        var models = new List<ChatModel>();
        foreach (var route in table.Routes.Values)
        {
            models.Add(new ChatModel(route.Model, route.Targets[0].ProviderName));
        }

        foreach (var (name, upstream) in table.Upstreams)
        {
            if (upstream.Target.Model is not null || upstream.Directory is null)
            {
                models.Add(new ChatModel(name, name));
            }

            models.AddRange((await KnownAsync(name, upstream, cancellationToken)).Select(model => new ChatModel($"{name}/{model}", name)));
        }

        // It may be asked for even where no list has it: a provider's name, or a model that its list leaves out.
        if ((table.Find(table.DefaultModel) ?? await DiscoverAsync(table, table.DefaultModel, cancellationToken)) is { } preferred)
        {
            models.RemoveAll(model => model.Id == table.DefaultModel);
            models.Insert(0, new ChatModel(table.DefaultModel, preferred.Targets[0].ProviderName));
        }

        return models;
    }

    // A bare name that some provider lists, as OpenAI's SDKs send it.
    private async ValueTask<ChatRoute?> DiscoverAsync(RoutingTable table, string model, CancellationToken cancellationToken)
    {
        foreach (var (name, upstream) in table.Upstreams)
        {
            if ((await KnownAsync(name, upstream, cancellationToken)).Contains(model, StringComparer.Ordinal))
            {
                return upstream.RouteTo(model, model);
            }
        }

        return null;
    }

    private async ValueTask<IReadOnlyList<string>> KnownAsync(string name, RoutingTable.Upstream upstream, CancellationToken cancellationToken)
    {
        if (upstream.Directory is null)
        {
            return [];
        }

        try
        {
            return await upstream.Directory.ListAsync(cancellationToken);
        }
        catch (ChatProviderException e)
        {
            PipelineMessages.NoModelList(logger, name, e.Message);
            return [];
        }
    }
}
