namespace Sluice.Chat;

/// <summary>An upstream that can say which models it has.</summary>
public interface IModelSource
{
    /// <summary>Asks the upstream for its models.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Names as the upstream writes them, in its order.</returns>
    /// <exception cref="ChatProviderException">It did not say.</exception>
    Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken);
}
