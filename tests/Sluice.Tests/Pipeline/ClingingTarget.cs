using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>An upstream whose calls fail once more when they are let go of.</summary>
internal sealed class ClingingTarget(IChatProvider inner) : IChatProvider
{
    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) => new Answer(inner.StreamAsync(request, cancellationToken));

    private sealed class Answer(IAsyncEnumerable<ChatChunk> inner) : IAsyncEnumerable<ChatChunk>
    {
        public IAsyncEnumerator<ChatChunk> GetAsyncEnumerator(CancellationToken cancellationToken = default) => new Call(inner.GetAsyncEnumerator(cancellationToken));
    }

    private sealed class Call(IAsyncEnumerator<ChatChunk> inner) : IAsyncEnumerator<ChatChunk>
    {
        public ChatChunk Current => inner.Current;

        public ValueTask<bool> MoveNextAsync() => inner.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            await inner.DisposeAsync();
            throw new InvalidOperationException("a bug in dispose");
        }
    }
}
