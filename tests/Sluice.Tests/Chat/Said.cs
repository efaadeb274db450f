using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Chat;

/// <summary>Calls as texts.</summary>
internal static class Said
{
    /// <summary>Somebody else's iterator over a channel of texts, and of exceptions, which are thrown.</summary>
    public static async IAsyncEnumerator<ChatChunk> ForeignAsync(ChannelReader<object> steps)
    {
        await foreach (var step in steps.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            yield return step is string text ? ChatChunk.Completion(Encoding.UTF8.GetBytes(text)) : throw (Exception)step;
        }
    }

    /// <summary>Somebody else's iterator that goes on in another thread before each number.</summary>
    public static async IAsyncEnumerator<ChatChunk> YieldingAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await Task.Yield();
            yield return ChatChunk.Completion(Encoding.UTF8.GetBytes($"{i}"));
        }
    }

    /// <summary>What comes next; null at the end.</summary>
    public static async Task<string?> NextAsync(IAsyncEnumerator<ChatChunk> call) =>
        await call.MoveNextAsync().AsTask().Soon() ? Encoding.UTF8.GetString(call.Current.Json.Span) : null;

    /// <summary>Reads all numbers, one after the other, where each has to be waited for; the stack must not grow with them.</summary>
    /// <param name="call">What is read.</param>
    /// <returns>How many there were.</returns>
    public static async Task<int> CountAsync(IAsyncEnumerator<ChatChunk> call)
    {
        var count = 0;
        while (await call.MoveNextAsync())
        {
            Assert.True(RuntimeHelpers.TryEnsureSufficientExecutionStack(), $"Chunk {count} is read too deep in the stack.");
            Assert.Equal($"{count++}", Encoding.UTF8.GetString(call.Current.Json.Span));
        }

        return count;
    }
}
