using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>An upstream's list of models, as the test wants it.</summary>
internal sealed class FakeModelSource(params string[] models) : IModelSource
{
    public int Asked { get; private set; }

    public bool Fails { get; set; }

    /// <summary>What the answer waits for.</summary>
    public TaskCompletionSource? Gate { get; set; }

    public async Task<IReadOnlyList<string>> ListModelsAsync(CancellationToken cancellationToken)
    {
        Asked++;
        if (Gate is { } gate)
            await gate.Task.WaitAsync(cancellationToken);
        return Fails ? throw new ChatProviderException(ChatErrorKind.Upstream, "no list") : models;
    }
}
