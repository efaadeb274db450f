using Sluice.Server.Load;
using Sluice.Server.Upstream;
using Sluice.Tests.Server.Upstream;

namespace Sluice.Tests.Server.Load;

public sealed class LoadRunnerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_StampedAnswers_MeasuresEveryToken()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var report = await RunAsync(upstream.Address, "lat-50-0", streams: 6, concurrency: 2);
        Assert.Equal((6, 0, 300), (report.Ok, report.Failed, report.Tokens));
        Assert.Equal((6, 294, 300), (report.TtftUs!.Count, report.GapUs!.Count, report.DeliveryUs!.Count));
        Assert.InRange(report.DeliveryUs.P50, 0, 60_000_000);
        Assert.Equal(6, upstream.Stats.Requests);
    }

    [Fact]
    public async Task Run_Warmup_IsNotMeasured()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var report = await new LoadRunner(Options(upstream.Address, "sim-5-0") with { Streams = 3, Warmup = 4 }, TimeProvider.System).RunAsync(Token);
        Assert.Equal((3, 15, 7), (report.Ok, report.Tokens, upstream.Stats.Requests));
        Assert.Null(report.DeliveryUs);
    }

    [Theory]
    [InlineData("cut", "truncated")]
    [InlineData("cut-fin", "truncated")]
    [InlineData("cut-clean", "truncated")]
    [InlineData("error-chunk", "error event server_error")]
    [InlineData("503", "http 503")]
    [InlineData("refuse", "connect")]
    public async Task Run_FailingStreams_AreCountedByKind(string scenario, string kind)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var report = await RunAsync(upstream.Address, "sim-3-0-" + scenario, streams: 2, concurrency: 1);
        Assert.True(report.HasFailures);
        Assert.Equal((0, 2), (report.Ok, report.Errors[kind]));
    }

    [Fact]
    public async Task Run_AnswerWithoutDone_IsWholeIfItFinished()
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { Dialect = UpstreamDialect.Bella });
        Assert.Equal(2, (await RunAsync(upstream.Address, "sim-3-0", streams: 2, concurrency: 1)).Ok);
    }

    [Fact]
    public async Task Run_Stopped_StillReports()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var stop = new CancellationTokenSource();
        var runner = new LoadRunner(Options(upstream.Address, "sim-3-0-stall") with { Streams = 10, Concurrency = 2 }, TimeProvider.System);
        var run = runner.RunAsync(stop.Token);
        while (runner.Meter.Tokens < 4)
        {
            Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await stop.CancelAsync();
        var report = await run;
        Assert.Equal((0, 0, 2, 4), (report.Ok, report.Failed, report.Stopped, report.Tokens));
    }

    [Fact]
    public async Task Run_NativeStream_IsReadToItsEnd()
    {
        await using var site = await ScriptedSite.EventsAsync(
            """{"type":"start","stream_id":"st_1"}""", """{"type":"delta","content":"a"}""", """{"type":"delta","content":"b"}""", """{"type":"end","answer":"ab"}""");
        var report = await RunAsync(new Uri(site.Address, "/ask/stream"), "m x", streams: 1, concurrency: 1);
        Assert.Equal((1, 2), (report.Ok, report.Tokens));
        Assert.Equal(("GET", "/ask/stream?prompt=Tell%20me%20about%20rivers.&model=m%20x", "cancel"), (site.Last.Method, site.Last.Target, site.Last.OnDisconnect));
    }

    [Theory]
    [InlineData("""{"type":"error","code":"upstream_timeout"}""", "error event upstream_timeout")]
    [InlineData("""{"type":"cancelled","answer":""}""", "cancelled")]
    [InlineData("""{"type":"status","state":"retrying"}""", "truncated")]
    public async Task Run_NativeStreamWithAnotherEnd_Failed(string last, string kind)
    {
        await using var site = await ScriptedSite.EventsAsync("""{"type":"delta","content":"a"}""", last);
        Assert.Equal(kind, Assert.Single((await RunAsync(new Uri(site.Address, "/ask/stream"), null, streams: 1, concurrency: 1)).Errors).Key);
    }

    [Fact]
    public async Task Run_GetThatIsTurnedAway_SaysSo()
    {
        await using var site = await ScriptedSite.StartAsync(200, "text/event-stream", "retry: 1700\n\n");
        Assert.Equal("turned away", Assert.Single((await RunAsync(new Uri(site.Address, "/ask/stream"), null, streams: 1, concurrency: 1)).Errors).Key);
    }

    private static LoadOptions Options(Uri url, string? model) => new() { Target = LoadTarget.From(url, null), Model = model };

    private static Task<LoadReport> RunAsync(Uri url, string? model, int streams, int concurrency) =>
        new LoadRunner(Options(url, model) with { Streams = streams, Concurrency = concurrency }, TimeProvider.System).RunAsync(Token);
}
