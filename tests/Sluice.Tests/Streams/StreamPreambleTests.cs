using System.IO.Pipelines;
using System.Text;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class StreamPreambleTests
{
    private const string Filter = """{"choices":[],"sensitives":[]}""";

    [Fact]
    public async Task RunAsync_OnlyARole_IsHeldBack()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Role().Chunk(Filter).Wait(gate.Task).Text("a").Finish().Done());
        var session = bench.OpenOpenAi();
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        var commit = viewer.WaitForCommitAsync().AsTask();
        Assert.False(session.IsCommitted);
        Assert.False(commit.IsCompleted);
        Assert.Equal(0, session.Log.Published);

        gate.SetResult();
        await commit.Soon();
        var output = new MemoryStream();
        await viewer.RunAsync(PipeWriter.Create(output)).Soon();
        Assert.Equal(5, EventText.Data(Encoding.UTF8.GetString(output.ToArray())).Count);
    }

    [Fact]
    public void RunAsync_64EventsOfPreamble_AreNotHeldAnyLonger()
    {
        var script = new Script();
        for (var i = 0; i < 63; i++)
        {
            script.Chunk(Filter);
        }

        var first = new StreamBench(script.Hang()).OpenAndStart();
        Assert.False(first.IsCommitted);
        Assert.Equal(0, first.Log.Published);
        first.Cancel();

        script = new Script();
        for (var i = 0; i < 64; i++)
        {
            script.Chunk(Filter);
        }

        var second = new StreamBench(script.Hang()).OpenAndStart();
        Assert.True(second.IsCommitted);
        Assert.Equal(64, second.Log.Published);
        second.Cancel();
    }

    [Fact]
    public void RunAsync_256KibOfPreamble_AreNotHeldAnyLonger()
    {
        var large = $$"""{"choices":[],"sensitives":["{{new string('x', 256 * 1024)}}"]}""";
        var session = new StreamBench(new Script().Chunk(large).Hang()).OpenAndStart();
        Assert.True(session.IsCommitted);
        Assert.Equal(1, session.Log.Published);
        session.Cancel();
    }

    [Fact]
    public void RunAsync_Native_IsUnderWayAtOnce()
    {
        var bench = new StreamBench(new Script().Hang());
        var session = bench.OpenNative();
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        Assert.True(session.IsCommitted);
        Assert.Equal(1, session.Log.Published);
    }
}
