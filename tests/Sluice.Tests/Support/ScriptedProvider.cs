using System.Runtime.CompilerServices;
using System.Text;
using Sluice.Chat;

namespace Sluice.Tests.Support;

/// <summary>A provider that does what a script says. All chunks share one buffer, which is overwritten before the next: whoever keeps a chunk shows it.</summary>
internal sealed class ScriptedProvider(Script script) : IChatProvider
{
    public async IAsyncEnumerable<ChatChunk> StreamAsync(ChatRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        script.Begin(request, cancellationToken);
        try
        {
            var buffer = new byte[script.Steps.Max(step => Encoding.UTF8.GetMaxByteCount(step.Json?.Length ?? 0))];
            foreach (var step in script.Steps)
            {
                if (step.Act is { } act)
                {
                    await act(cancellationToken);
                    continue;
                }

                script.Say();
                var json = buffer.AsMemory(0, Encoding.UTF8.GetBytes(step.Json ?? "", buffer));
                yield return step.Kind switch
                {
                    ChatChunkKind.Done => ChatChunk.Done,
                    ChatChunkKind.Completion => ChatChunk.Completion(json),
                    ChatChunkKind.Preamble => Parse(json),
                    var kind => ChatChunk.Status(kind),
                };
                buffer.AsSpan().Fill(0xEE);
            }
        }
        finally
        {
            script.End();
        }
    }

    public static ChatChunk Parse(ReadOnlyMemory<byte> json) =>
        ChatChunk.TryParse(json, out var chunk) ? chunk : throw new InvalidDataException($"The script's chunk is no JSON object: {Encoding.UTF8.GetString(json.Span)}");
}
