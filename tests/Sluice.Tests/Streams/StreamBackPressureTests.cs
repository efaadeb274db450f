using System.IO.Pipelines;
using System.Text;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class StreamBackPressureTests
{
    [Fact]
    public async Task RunAsync_ViewerDoesNotRead_ProducerLeadsBy100AndGoesOnWhenItReads()
    {
        var script = new Script().Texts(1000).Finish().Done();
        var bench = new StreamBench(script);
        var session = bench.OpenOpenAi();
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        Assert.Equal(100, script.Said);

        var output = new MemoryStream();
        await viewer.RunAsync(PipeWriter.Create(output)).Soon();
        Assert.Equal(1002, EventText.Data(Encoding.UTF8.GetString(output.ToArray())).Count);
    }

    [Fact]
    public async Task RunAsync_OutputIsFull_ProducerStopsWithin100EventsOfWhatLeft()
    {
        var script = new Script().Texts(5000).Finish().Done();
        var bench = new StreamBench(script);
        var session = bench.OpenOpenAi();
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 1000, resumeWriterThreshold: 500, useSynchronizationContext: false));
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        var running = viewer.RunAsync(pipe.Writer);
        Assert.False(running.IsCompleted);
        Assert.InRange(script.Said, 100, 200);

        var seen = new MemoryStream();
        var reading = pipe.Reader.CopyToAsync(seen, TestContext.Current.CancellationToken);
        await running.Soon();
        await pipe.Writer.CompleteAsync();
        await reading.Soon();
        Assert.Equal(5002, EventText.Data(Encoding.UTF8.GetString(seen.ToArray())).Count);
    }

    [Fact]
    public async Task RunAsync_OneViewerReadsAndOneDoesNot_TheFastestCounts()
    {
        var script = new Script().Texts(1000).Finish().Done();
        var bench = new StreamBench(script);
        var session = bench.OpenOpenAi();
        using var slow = session.Attach(CancellationToken.None);
        using var fast = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        await fast.RunAsync(PipeWriter.Create(Stream.Null)).Soon();
        Assert.Equal(1002, fast.Flushed);
        Assert.Equal(0, slow.Flushed);

        var output = new MemoryStream();
        await slow.RunAsync(PipeWriter.Create(output)).Soon();
        Assert.Equal(1002, EventText.Data(Encoding.UTF8.GetString(output.ToArray())).Count);
    }

    [Fact]
    public async Task RunAsync_LeavesWhileTheProducerWaitsForRoom_IsCancelled()
    {
        var script = new Script().Texts(1000).Finish().Done();
        var bench = new StreamBench(script);
        var session = bench.OpenOpenAi();
        var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        viewer.Dispose();
        await session.Completion.Soon();
        Assert.Equal(100, script.Said);
        Assert.Equal(0, script.Open);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public async Task RunAsync_ProducerAndViewersOnTheirOwnThreads_NobodyStandsStill(int lead)
    {
        // The clock stands still, so no keep-alive ever helps a stream that has come to a halt.
        const int Events = 60_000;
        var bench = new StreamBench(new HoppingProvider(Events));
        bench.Options.MaxLead = lead;

        // How far the slower of the two falls behind is the scheduler's to say; here nobody is let go for it.
        bench.Options.MaxLagEvents = int.MaxValue;
        bench.Options.MaxLagBytes = long.MaxValue;
        var session = bench.OpenOpenAi();
        var viewers = Enumerable.Range(0, 2).Select(_ => session.Attach(CancellationToken.None)).ToList();
        var running = viewers.Select(viewer => Task.Run(() => viewer.RunAsync(new CountingPipeWriter()), TestContext.Current.CancellationToken)).ToList();
        bench.Hub.Start(session);
        await Task.WhenAll(running).Soon();
        foreach (var viewer in viewers)
        {
            Assert.Equal(Events + 1, viewer.Flushed);
            viewer.Dispose();
        }
    }
}
