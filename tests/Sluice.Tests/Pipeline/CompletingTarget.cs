using System.Text;
using System.Threading.Tasks.Sources;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Pipeline;

/// <summary>An upstream whose every chunk comes just after it has been asked whether it is there: pending at the first look, there at the second.</summary>
internal sealed class CompletingTarget(params string[] chunks) : IChatProvider, IAsyncEnumerable<ChatChunk>, IAsyncEnumerator<ChatChunk>, IValueTaskSource<bool>
{
    private int _next;
    private int _looks;

    public ChatChunk Current { get; private set; }

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) => this;

    public IAsyncEnumerator<ChatChunk> GetAsyncEnumerator(CancellationToken cancellationToken = default) => this;

    public ValueTask<bool> MoveNextAsync()
    {
        _looks = 0;
        return new ValueTask<bool>(this, 0);
    }

    public ValueTask DisposeAsync() => default;

    public ValueTaskSourceStatus GetStatus(short token) => _looks++ == 0 ? ValueTaskSourceStatus.Pending : ValueTaskSourceStatus.Succeeded;

    public bool GetResult(short token)
    {
        if (_next > chunks.Length)
        {
            return false;
        }

        Current = _next == chunks.Length ? ChatChunk.Done : Support.ScriptedProvider.Parse(Encoding.UTF8.GetBytes(chunks[_next]));
        _next++;
        return true;
    }

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        ThreadPool.UnsafeQueueUserWorkItem(continuation, state, preferLocal: false);
}
