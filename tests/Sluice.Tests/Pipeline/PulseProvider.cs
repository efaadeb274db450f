using System.Threading.Tasks.Sources;
using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>Says one token at each pulse that the test gives; each has to be waited for unless the pulse came before. Allocates nothing while it does.</summary>
internal sealed class PulseProvider : IChatProvider, IAsyncEnumerable<ChatChunk>, IAsyncEnumerator<ChatChunk>, IValueTaskSource<bool>
{
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <summary>Whether tokens are there before they are asked for.</summary>
    public bool IsAhead { get; set; }

    public ChatChunk Current => Chunks.Token;

    public void Pulse() => _core.SetResult(true);

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) => this;

    public IAsyncEnumerator<ChatChunk> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

    public ValueTask<bool> MoveNextAsync()
    {
        if (IsAhead)
        {
            return new ValueTask<bool>(true);
        }

        _core.Reset();
        return new ValueTask<bool>(this, _core.Version);
    }

    public ValueTask DisposeAsync() => default;

    public bool GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) => _core.OnCompleted(continuation, state, token, flags);
}
