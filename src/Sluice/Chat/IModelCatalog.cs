namespace Sluice.Chat;

/// <summary>Knows which models may be asked for, so that HTTP endpoints need not know who serves them.</summary>
public interface IModelCatalog
{
    /// <summary>Whether somebody serves the model.</summary>
    /// <param name="model">The name as asked for; null or empty asks for the default model.</param>
    bool IsServed(string? model);

    /// <summary>All models that may be asked for, the default one first.</summary>
    /// <param name="cancellationToken">Ends the wait for upstreams that are asked for their list.</param>
    ValueTask<IReadOnlyList<ChatModel>> ListAsync(CancellationToken cancellationToken);
}
