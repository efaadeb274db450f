using System.IO.Pipelines;
using BenchmarkDotNet.Attributes;
using Sluice.Sse;

namespace Sluice.Benchmarks.Sse;

/// <summary>Per event of 340 bytes. Pipes and readers live as long as the benchmark, so that only events are counted.</summary>
[MemoryDiagnoser]
public class SseReaderBenchmarks
{
    private const int Events = 1000;

    private readonly byte[] _chunk = OpenAiChunks.Stream(1);
    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

    private SseReader _large = null!;
    private SseReader _small = null!;
    private SseReader _paced = null!;

    [GlobalSetup]
    public void Setup()
    {
        byte[] stream = OpenAiChunks.Stream(Events);
        _large = new SseReader(new RepeatingPipeReader(stream, 16 * 1024));
        _small = new SseReader(new RepeatingPipeReader(stream, 100));
        _paced = new SseReader(_pipe.Reader);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        await _large.DisposeAsync();
        await _small.DisposeAsync();
        await _paced.DisposeAsync();
    }

    /// <summary>Flat out: reads of 16 KiB, some 47 events each.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public Task<long> ManyEventsPerRead() => ReadAsync(_large);

    /// <summary>Cut: reads of 100 bytes, each event in three or four pieces.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public Task<long> ManyReadsPerEvent() => ReadAsync(_small);

    /// <summary>Paced: the reader waits for each event, the writer's flush wakes it.</summary>
    [Benchmark(OperationsPerInvoke = Events)]
    public async Task<long> OneWaitPerEvent()
    {
        long bytes = 0;
        for (int i = 0; i < Events; i++)
        {
            ValueTask<bool> read = _paced.ReadAsync(CancellationToken.None);
            await _pipe.Writer.WriteAsync(_chunk);
            await read;
            bytes += _paced.Current.Data.Length;
        }

        return bytes;
    }

    private static async Task<long> ReadAsync(SseReader reader)
    {
        long bytes = 0;
        for (int i = 0; i < Events; i++)
        {
            await reader.ReadAsync(CancellationToken.None);
            bytes += reader.Current.Data.Length;
        }

        return bytes;
    }
}
