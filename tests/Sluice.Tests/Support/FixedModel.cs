using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>A catalog that only knows which model is asked where none is named.</summary>
internal sealed class FixedModel(string name) : IModelCatalog
{
    public string DefaultModel => name;

    public ValueTask<bool> IsServedAsync(string? model, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public string NotFound(string model) => model;

    public ValueTask<IReadOnlyList<ChatModel>> ListAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<ChatModel>>([]);
}
