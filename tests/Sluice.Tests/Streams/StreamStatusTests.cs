using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Pipeline;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

/// <summary>What viewers are told of what is being done to get an answer.</summary>
public sealed class StreamStatusTests
{
    [Fact]
    public async Task Native_RetryAndFailover_AreCountedAndNotInTheLog()
    {
        var bench = Bench(new FakeTarget(FakeTarget.Failing()), new FakeTarget(FakeTarget.Whole()), out var failover);
        failover.Random = 0;
        failover.Options = new() { Retries = 1 };
        var session = bench.OpenNative();
        var text = await bench.ReadAllAsync(session);
        Assert.Equal(["start", "delta", "end"], EventText.Types(text));
        Assert.Equal(3, int.Parse(EventText.Field(EventText.Data(text)[^1], "attempts")!, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(3, session.Log.Sequence);
    }

    [Fact]
    public async Task Native_ViewerThatWaits_SeesTheStateAtOnceAndTheAnswerBehindIt()
    {
        var bench = Bench(new FakeTarget(FakeTarget.Failing(), FakeTarget.Whole()), null, out var failover);
        var session = bench.OpenNative();
        var output = new Pipe();
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        var reading = viewer.RunAsync(output.Writer);
        var first = Encoding.UTF8.GetString((await output.Reader.ReadAsync(TestContext.Current.CancellationToken)).Buffer);
        Assert.EndsWith("\n\ndata: {\"type\":\"status\",\"state\":\"retrying\"}\n\n", first, StringComparison.Ordinal);
        Assert.Equal((3, 2), (first.Split("data: ").Length, first.Split("id: ").Length));
        Assert.NotNull(session.Status);
        while (!reading.IsCompleted)
        {
            failover.Time.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        await reading.Soon();
        Assert.Null(session.Status);
        Assert.Equal(StreamState.Done, session.State);
    }

    [Fact]
    public async Task Native_ViewerThatComesBack_GetsTheLogWithoutIt()
    {
        var bench = Bench(new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout)), new FakeTarget(FakeTarget.Whole()), out _);
        var session = bench.OpenNative();
        await bench.ReadAllAsync(session);
        var text = Encoding.UTF8.GetString(await session.ReadFromAsync(0));
        Assert.Equal(["start", "delta", "end"], EventText.Types(text));
    }

    [Fact]
    public async Task OpenAi_NeverHearsOfIt()
    {
        var bench = Bench(new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout)), new FakeTarget(FakeTarget.Whole()), out _);
        var text = await bench.ReadAllAsync(bench.OpenOpenAi());
        Assert.DoesNotContain("status", text, StringComparison.Ordinal);
        Assert.Equal(4, EventText.Data(text).Count);
    }

    [Fact]
    public void OpenAi_WhileItIsRetried_IsNotUnderWay()
    {
        var session = Bench(new FakeTarget(FakeTarget.Failing()), null, out _).OpenAndStart();
        Assert.False(session.IsCommitted);
        Assert.Equal(0, session.Log.Published);
        session.Cancel();
    }

    [Fact]
    public async Task Snapshot_TellsTheCalls()
    {
        var bench = Bench(new FakeTarget(FakeTarget.Failing(ChatErrorKind.HeadersTimeout)), new FakeTarget(FakeTarget.Whole()), out _);
        var session = bench.OpenOpenAi();
        await bench.ReadAllAsync(session);
        using var json = JsonDocument.Parse(StreamSnapshotJson.Resource(session.TrySnapshot()!));
        Assert.Equal(2, json.RootElement.GetProperty("attempts").GetInt32());
    }

    [Fact]
    public void Native_IsUnderWayAtOnce()
    {
        var bench = new StreamBench(new Script().Hang());
        var session = bench.OpenNative();
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        Assert.True(session.IsCommitted);
        Assert.Equal(1, session.Log.Published);
    }

    private static StreamBench Bench(FakeTarget first, FakeTarget? second, out FailoverBench failover)
    {
        failover = second is null ? new FailoverBench(first) : new FailoverBench(first, second);
        return new StreamBench(failover.Provider);
    }
}
