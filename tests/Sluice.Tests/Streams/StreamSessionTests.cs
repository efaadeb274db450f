using System.IO.Pipelines;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams;

public sealed class StreamSessionTests
{
    private static readonly ChatProviderException Busy = new(ChatErrorKind.RateLimited, "busy");

    [Fact]
    public async Task RunAsync_WholeAnswer_IsDone()
    {
        var bench = new StreamBench(new Script().Role().Text("a").Text("b").Finish().Done());
        var session = bench.OpenNative();
        var types = EventText.Types(await bench.ReadAllAsync(session));
        Assert.Equal(["start", "delta", "delta", "end"], types);
        Assert.Equal(StreamState.Done, session.State);
        Assert.Null(session.Error);
    }

    [Fact]
    public async Task RunAsync_FailsBeforeAnything_IsFailedAndNotCommitted()
    {
        var bench = new StreamBench(new Script().Fail(Busy));
        var session = bench.OpenOpenAi();
        await bench.ReadAllAsync(session);
        Assert.Equal(StreamState.Failed, session.State);
        Assert.Same(Busy, session.Error);
        Assert.False(session.IsCommitted);
    }

    [Fact]
    public async Task RunAsync_FailsAfterText_KeepsTheTextAndOneTerminal()
    {
        var bench = new StreamBench(new Script().Text("a").Fail(Busy));
        var session = bench.OpenNative();
        var data = EventText.Data(await bench.ReadAllAsync(session));
        Assert.Equal(3, data.Count);
        Assert.Equal("""{"type":"error","code":"rate_limited","message":"busy","retryable":true,"answer":"a"}""", data[2]);
        Assert.True(session.IsCommitted);
    }

    [Fact]
    public async Task RunAsync_EndsWithoutDone_IsTruncated()
    {
        var bench = new StreamBench(new Script().Text("a").Finish());
        var session = bench.OpenNative();
        Assert.Equal(["start", "delta", "error"], EventText.Types(await bench.ReadAllAsync(session)));
        Assert.Equal(ChatErrorKind.Truncated, session.Error!.Kind);
    }

    [Fact]
    public async Task RunAsync_ProviderHasADefect_ViewersAreToldAndTheLogHasIt()
    {
        var bench = new StreamBench(new Script().Text("a").Fail(new InvalidOperationException("secret detail")));
        var session = bench.OpenNative();
        var body = await bench.ReadAllAsync(session);
        Assert.Equal(["start", "delta", "error"], EventText.Types(body));
        Assert.Contains("\"code\":\"internal_error\"", body, StringComparison.Ordinal);
        Assert.DoesNotContain("secret detail", body, StringComparison.Ordinal);
        await Within.UntilAsync(() => bench.Hub.Active == 0);
        var record = Assert.Single(bench.Log.Collector.GetSnapshot());
        Assert.Equal(200, record.Id.Id);
        Assert.Equal("secret detail", record.Exception!.Message);
    }

    [Fact]
    public async Task RunAsync_ProviderCancelsItself_IsADefectAndNoCancellation()
    {
        var bench = new StreamBench(new Script().Fail(new OperationCanceledException()));
        var session = bench.OpenNative();
        Assert.Equal(["start", "error"], EventText.Types(await bench.ReadAllAsync(session)));
        Assert.Equal(ChatErrorKind.Internal, session.Error!.Kind);
    }

    [Fact]
    public async Task RunAsync_ChunksBehindTheEnd_AreNotTold()
    {
        var bench = new StreamBench(new Script().Text("a").Finish().Done().Text("b").Done().Fail(Busy));
        var session = bench.OpenNative();
        Assert.Equal(["start", "delta", "end"], EventText.Types(await bench.ReadAllAsync(session)));
        Assert.Equal(StreamState.Done, session.State);
    }

    [Fact]
    public async Task RunAsync_ChunkBuffersAreReused_TheLogHasItsOwnBytes()
    {
        var bench = new StreamBench(new Script().Text("first").Hop().Text("second").Hop().Text("third").Finish().Done());
        Assert.Equal("firstsecondthird", EventText.Field(EventText.Data(await bench.ReadAllAsync(bench.OpenNative()))[^1], "answer"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Detach_LastViewer_CancelsTheProvider(bool hasText)
    {
        var script = hasText ? new Script().Text("a").Hang() : new Script().Hang();
        var bench = new StreamBench(script);
        var session = bench.OpenNative();
        var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        viewer.Dispose();
        await script.Cancelled.Soon();
        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
        Assert.Equal(0, script.Open);
    }

    [Fact]
    public async Task Detach_OneOfTwo_GoesOn()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Text("a").Wait(gate.Task).Text("b").Finish().Done());
        var session = bench.OpenNative();
        var first = session.Attach(CancellationToken.None);
        var second = session.Attach(CancellationToken.None);
        var output = new MemoryStream();
        bench.Hub.Start(session);
        var reading = second.RunAsync(PipeWriter.Create(output));
        first.Dispose();
        gate.SetResult();
        await reading.Soon();
        second.Dispose();
        await session.Completion.Soon();
        Assert.Equal(StreamState.Done, session.State);
    }

    [Fact]
    public async Task Cancel_AReason_IsTheFailure()
    {
        var script = new Script().Text("a").Hang();
        var bench = new StreamBench(script);
        var session = bench.OpenNative();
        var output = new MemoryStream();
        using var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        var reading = viewer.RunAsync(PipeWriter.Create(output));
        session.Cancel(Busy);
        session.Cancel(new ChatProviderException(ChatErrorKind.Upstream, "later"));
        await reading.Soon();
        Assert.Same(Busy, session.Error);
        Assert.Equal(["start", "delta", "error"], EventText.Types(System.Text.Encoding.UTF8.GetString(output.ToArray())));
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_ChangesNothing()
    {
        var bench = new StreamBench(new Script().Text("a").Finish().Done());
        var session = bench.OpenNative();
        using var holder = session.Attach(CancellationToken.None);
        Assert.Equal(["start", "delta", "end"], EventText.Types(await bench.ReadAllAsync(session)));
        session.Cancel(Busy);
        Assert.Equal(StreamState.Done, session.State);
        Assert.Null(session.Error);
    }

    [Fact]
    public async Task Cancel_ProviderIgnoresItsToken_StopsAtTheNextChunk()
    {
        var bench = new StreamBench(new EndlessProvider());
        var session = bench.OpenNative();
        using (var viewer = session.Attach(CancellationToken.None))
        {
            bench.Hub.Start(session);
        }

        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
    }

    [Fact]
    public async Task Cancel_ACallbackOfTheProviderThrows_NothingIsLeftBehind()
    {
        var script = new Script()
            .Do(token =>
            {
                token.Register(static () => throw new InvalidOperationException("callback"));
                return Task.CompletedTask;
            })
            .Text("a").Hang();
        var bench = new StreamBench(script);
        var session = bench.OpenNative();
        var viewer = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        viewer.Dispose();
        await session.Completion.Soon();
        Assert.Equal(StreamState.Cancelled, session.State);
        await bench.ExpireAllAsync();
        Assert.Throws<InvalidOperationException>(() => session.Attach(CancellationToken.None));
        Assert.Equal("callback", Assert.Single(bench.Log.Collector.GetSnapshot()).Exception!.InnerException!.Message);
    }

    [Fact]
    public async Task Detach_Twice_GivesBackOnce()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Text("a").Wait(gate.Task).Text("b").Finish().Done());
        var session = bench.OpenNative();
        var first = session.Attach(CancellationToken.None);
        using var second = session.Attach(CancellationToken.None);
        bench.Hub.Start(session);
        first.Dispose();
        first.Dispose();
        first.Dispose();
        var output = new MemoryStream();
        var reading = second.RunAsync(PipeWriter.Create(output));
        gate.SetResult();
        await reading.Soon();
        Assert.Equal(["start", "delta", "delta", "end"], EventText.Types(System.Text.Encoding.UTF8.GetString(output.ToArray())));
    }

    [Fact]
    public async Task Attach_AfterEverybodyLetGo_IsRefused()
    {
        var bench = new StreamBench(new Script().Done());
        var session = bench.OpenNative();
        await bench.ReadAllAsync(session);
        await bench.ExpireAllAsync();
        Assert.Throws<InvalidOperationException>(() => session.Attach(CancellationToken.None));
    }

    [Fact]
    public async Task Attach_AnEndedStreamThatSomeoneHolds_SeesItFromItsBeginning()
    {
        var bench = new StreamBench(new Script().Text("a").Finish().Done());
        var session = bench.OpenNative();
        using var holder = session.Attach(CancellationToken.None);
        var first = await bench.ReadAllAsync(session);
        using var late = session.Attach(CancellationToken.None);
        var output = new MemoryStream();
        await late.RunAsync(PipeWriter.Create(output)).Soon();
        Assert.Equal(first, System.Text.Encoding.UTF8.GetString(output.ToArray()));
    }

    [Fact]
    public async Task RunAsync_ProviderDoesNotLetGoBehindItsEnd_IsMadeTo()
    {
        var script = new Script().Text("a").Finish().Done().Hang();
        var bench = new StreamBench(script);
        var session = bench.OpenNative();
        using (var viewer = session.Attach(CancellationToken.None))
        {
            bench.Hub.Start(session);
            await viewer.RunAsync(PipeWriter.Create(Stream.Null)).Soon();
        }

        Assert.False(session.Completion.IsCompleted);
        bench.Time.Advance(StreamSession.MaxLetGo);
        await session.Completion.Soon();
        await Within.UntilAsync(() => bench.Hub.Active == 0);
        Assert.Equal(StreamState.Done, session.State);
        Assert.Equal(0, script.Open);
    }
}
