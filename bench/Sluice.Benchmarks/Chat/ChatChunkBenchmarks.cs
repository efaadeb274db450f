using BenchmarkDotNet.Attributes;
using Sluice.Benchmarks.Sse;
using Sluice.Chat;

namespace Sluice.Benchmarks.Chat;

/// <summary>Per chunk of 340 bytes: what every token costs on its way through.</summary>
[MemoryDiagnoser]
public class ChatChunkBenchmarks
{
    private readonly byte[] _json = OpenAiChunks.Chunk(1);

    /// <summary>Is it one whole JSON object, and what is in it.</summary>
    [Benchmark]
    public ChatChunkKind ParseKind() => ChatChunk.TryParse(_json, out ChatChunk chunk) ? chunk.Kind : throw new InvalidOperationException("Not a chunk.");

    /// <summary>The same, and then its fields, as the native dialect does.</summary>
    [Benchmark]
    public int ParseKindAndView()
    {
        if (!ChatChunk.TryParse(_json, out ChatChunk chunk))
            throw new InvalidOperationException("Not a chunk.");
        ChatChunkView view = chunk.View;
        return view.Content.Length + view.FinishReason.Length + (int)view.Kind;
    }
}
