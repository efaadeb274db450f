using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>A provider that is read without a task, and wakes who waits also for what makes no chunk.</summary>
internal sealed class WokenProvider : IChatProvider
{
    private Action<ChatChunk?>? _wake;

    /// <summary>Says a chunk.</summary>
    public void Say(ChatChunk chunk) => _wake!(chunk);

    /// <summary>Something has come that is no chunk yet.</summary>
    public void Dribble() => _wake!(null);

    public IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, CancellationToken cancellationToken) => new ChunkAnswer(Begin, cancellationToken);

    private Call Begin(CancellationToken cancellationToken)
    {
        var call = new Call(cancellationToken);
        _wake = call.Wake;
        return call;
    }

    private sealed class Call : ChunkCall
    {
        private readonly CancellationToken _cancellation;
        private readonly CancellationTokenRegistration _onCancelled;
        private IThreadPoolWorkItem? _waiter;
        private ChatChunk? _next;

        public Call(CancellationToken cancellationToken)
        {
            _cancellation = cancellationToken;
            _onCancelled = cancellationToken.Register(() => Wake(null));
            IsDirect = true;
        }

        public override ValueTask DisposeAsync() => _onCancelled.DisposeAsync();

        public void Wake(ChatChunk? next)
        {
            _next = next;
            var waiter = _waiter;
            _waiter = null;
            waiter?.Execute();
        }

        protected override bool TryNext(ref ChatChunk chunk, out bool any)
        {
            _cancellation.ThrowIfCancellationRequested();
            any = _next is not null;
            chunk = _next ?? chunk;
            _next = null;
            return any;
        }

        protected override void WaitNext(IThreadPoolWorkItem waiter) => _waiter = waiter;

        protected override bool TryTake(ref ChatChunk chunk, ref bool any) => true;

        protected override bool Recovers(ref Exception error, ref ChatChunk chunk) => false;
    }
}
