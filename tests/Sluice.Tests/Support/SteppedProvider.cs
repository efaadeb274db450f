using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>A provider that says what a test tells it to, inside the call that tells it: no thread but the test's.</summary>
internal sealed class SteppedProvider : IChatProvider
{
    private readonly Queue<string?> _steps = new();
    private TaskCompletionSource _more = new();

    /// <summary>Whether someone has cancelled the call.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>Says chunks, as one read from upstream would bring them. Null is the end of a whole answer.</summary>
    public void Say(params IEnumerable<string?> chunks)
    {
        foreach (var chunk in chunks)
        {
            _steps.Enqueue(chunk);
        }

        var more = _more;
        _more = new TaskCompletionSource();
        more.TrySetResult();
    }

    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var cancelled = cancellationToken.UnsafeRegister(
            static provider =>
            {
                ((SteppedProvider)provider!).IsCancelled = true;
                ((SteppedProvider)provider)._more.TrySetCanceled();
            },
            this);
        while (true)
        {
            var more = _more;
            while (_steps.TryDequeue(out var chunk))
            {
                if (chunk is null)
                {
                    yield return ChatChunk.Done;
                    yield break;
                }

                yield return ScriptedProvider.Parse(Encoding.UTF8.GetBytes(chunk));
            }

            await more.Task;
        }
    }
}
