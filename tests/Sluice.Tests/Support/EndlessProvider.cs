using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>A provider that says something for ever, without ever waiting or looking at its token.</summary>
internal sealed class EndlessProvider : IChatProvider
{
    private static readonly byte[] Json = Encoding.UTF8.GetBytes(Script.TextJson("x"));

    private long _said;

    public long Said => Volatile.Read(ref _said);

#pragma warning disable CS1998 // There is nothing to wait for: that is the point.
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            Interlocked.Increment(ref _said);
            yield return ScriptedProvider.Parse(Json);
        }
    }
#pragma warning restore CS1998
}
