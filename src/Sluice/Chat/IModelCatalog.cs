namespace Sluice.Chat;

/// <summary>Knows which models may be asked for, so that HTTP endpoints need not know who serves them.</summary>
public interface IModelCatalog
{
    /// <summary>What is asked where a request names no model.</summary>
    string DefaultModel { get; }

    /// <summary>Whether somebody serves the model.</summary>
    /// <param name="model">The name as asked for; null or empty asks for the default model.</param>
    /// <param name="cancellationToken">Ends the wait for upstreams that are asked for their list.</param>
    ValueTask<bool> IsServedAsync(string? model, CancellationToken cancellationToken);

    /// <summary>The message for a model that nobody serves.</summary>
    /// <param name="model">The name as asked for.</param>
    string NotFound(string model);

    /// <summary>All models that may be asked for, the default one first.</summary>
    /// <param name="cancellationToken">Ends the wait for upstreams that are asked for their list.</param>
    ValueTask<IReadOnlyList<ChatModel>> ListAsync(CancellationToken cancellationToken);
}
