using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>A provider that fails, and fails again when it is to let go.</summary>
internal sealed class LastingProvider(Exception failure, Exception defect) : IChatProvider, IAsyncEnumerator<ChatChunk>
{
    public ChatChunk Current => default;

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) => new Answer(this);

    public ValueTask<bool> MoveNextAsync() => ValueTask.FromException<bool>(failure);

    public ValueTask DisposeAsync() => ValueTask.FromException(defect);

    private sealed class Answer(LastingProvider provider) : IAsyncEnumerable<ChatChunk>
    {
        public IAsyncEnumerator<ChatChunk> GetAsyncEnumerator(CancellationToken cancellationToken = default) => provider;
    }
}
