using System.Buffers;
using BenchmarkDotNet.Attributes;
using Sluice.Sse;

namespace Sluice.Benchmarks.Sse;

/// <summary>Per event of 340 bytes, into a buffer that is there.</summary>
[MemoryDiagnoser]
public class SseWriterBenchmarks
{
    private const int Events = 1000;

    private readonly byte[] _chunk = OpenAiChunks.Chunk(1);
    private readonly byte[] _lines = [.. OpenAiChunks.Chunk(1).AsSpan(0, 170), (byte)'\n', .. OpenAiChunks.Chunk(1).AsSpan(170)];
    private readonly ArrayBufferWriter<byte> _output = new(Events * 512);

    [Benchmark(OperationsPerInvoke = Events)]
    public int OneLine() => Write(_chunk);

    [Benchmark(OperationsPerInvoke = Events)]
    public int TwoLines() => Write(_lines);

    private int Write(ReadOnlySpan<byte> data)
    {
        _output.ResetWrittenCount();
        for (int i = 0; i < Events; i++)
            SseWriter.WriteEvent(_output, "st_0123456789abcdefghijkl"u8, 100_000 + i, data);
        return _output.WrittenCount;
    }
}
