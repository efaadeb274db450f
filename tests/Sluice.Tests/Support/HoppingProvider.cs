using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>Says a number of chunks, and every few of them goes on in another thread, as an upstream's socket would.</summary>
internal sealed class HoppingProvider(int count) : IChatProvider
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes(Script.TextJson("x"));

    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            if (i % 5 == 0)
            {
                await Task.Yield();
            }

            yield return ScriptedProvider.Parse(Json);
        }

        yield return ChatChunk.Done;
    }
}
