using System.Runtime.CompilerServices;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The step that chooses: asks the model's preferred target, under the name that the model has there.</summary>
internal sealed class RoutedProvider(ModelRouter router) : IChatProvider
{
    /// <inheritdoc/>
    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) =>
        // Where the configuration names provider and model there is nothing to wait for, and no reason to stand in each token's way.
        router.Table.Find(request.Model)?.Targets[0] is { Model: { } model } target
            ? target.Provider.StreamAsync(request.For(model), cancellationToken)
            : DiscoverAsync(request, cancellationToken);

    private async IAsyncEnumerable<ChatChunk> DiscoverAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var route = await router.ResolveAsync(request.Model, cancellationToken);
        var target = route.Targets[0];
        var model = await router.ModelAtAsync(target, cancellationToken);
        await foreach (var chunk in target.Provider.StreamAsync(request.For(model), cancellationToken))
        {
            yield return chunk;
        }
    }
}
