namespace Sluice.Chat;

/// <summary>An answer whose call begins when it is enumerated, under both tokens: that of the question and that of the enumeration.</summary>
/// <param name="begin">Begins the call.</param>
/// <param name="asked">The question's token.</param>
internal sealed class ChunkAnswer(Func<CancellationToken, IAsyncEnumerator<ChatChunk>> begin, CancellationToken asked) : IAsyncEnumerable<ChatChunk>
{
    /// <inheritdoc/>
    public IAsyncEnumerator<ChatChunk> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        if (!asked.CanBeCanceled || asked == cancellationToken)
        {
            return begin(cancellationToken);
        }

        return cancellationToken.CanBeCanceled ? new Linked(begin, CancellationTokenSource.CreateLinkedTokenSource(asked, cancellationToken)) : begin(asked);
    }

    private sealed class Linked(Func<CancellationToken, IAsyncEnumerator<ChatChunk>> begin, CancellationTokenSource both) : IAsyncEnumerator<ChatChunk>
    {
        private readonly IAsyncEnumerator<ChatChunk> _inner = begin(both.Token);

        public ChatChunk Current => _inner.Current;

        public ValueTask<bool> MoveNextAsync() => _inner.MoveNextAsync();

        public async ValueTask DisposeAsync()
        {
            try
            {
                await _inner.DisposeAsync();
            }
            finally
            {
                both.Dispose();
            }
        }
    }
}
