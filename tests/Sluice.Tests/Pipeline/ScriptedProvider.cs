using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Sluice.Chat;

namespace Sluice.Tests.Pipeline;

/// <summary>A provider that says what the test tells it, when the test tells it.</summary>
internal sealed class ScriptedProvider : IChatProvider
{
    // What is said has been heard when Say returns.
    private readonly Channel<object> _script = Channel.CreateUnbounded<object>(new UnboundedChannelOptions { AllowSynchronousContinuations = true });

    public List<ChatRequest> Asked { get; } = [];

    public bool WasCancelled { get; private set; }

    public bool IsDisposed { get; private set; }

    public ScriptedProvider Say(params ChatChunk[] chunks)
    {
        foreach (ChatChunk chunk in chunks)
            Assert.True(_script.Writer.TryWrite(chunk));
        return this;
    }

    public ScriptedProvider Fail(Exception e)
    {
        Assert.True(_script.Writer.TryComplete(e));
        return this;
    }

    public ScriptedProvider End()
    {
        Assert.True(_script.Writer.TryComplete());
        return this;
    }

    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked.Add(request);
        try
        {
            await foreach (object one in _script.Reader.ReadAllAsync(cancellationToken))
                yield return (ChatChunk)one;
        }
        finally
        {
            WasCancelled = cancellationToken.IsCancellationRequested;
            IsDisposed = true;
        }
    }
}
