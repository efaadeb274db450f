using System.Runtime.CompilerServices;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>The step that chooses: asks the model's preferred target, under the name that the model has there.</summary>
internal sealed class RoutedProvider(ModelRouter router) : IChatProvider
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
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
