using System.Net.Http.Json;
using System.Text.Json;

namespace Sluice.Tests.Server.Upstream;

public sealed class UpstreamStatsTests
{
    [Theory]
    [InlineData("stall")]
    [InlineData("headers-then-hang")]
    [InlineData("huge-line")]
    public async Task Stats_ClientLeavesAStream_CountItAsAborted(string scenario)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        (await upstream.AskModelAsync("sim-3-0-" + scenario)).Dispose();
        await ExpectAbortedAsync(upstream);
    }

    [Fact]
    public async Task Stats_ClientLeavesBeforeHeaders_CountItAsAborted()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var cancellation = new CancellationTokenSource();
        var call = upstream.AskAsync("""{"model":"sim-3-0-hang","stream":true}""", cancellation.Token);
        while ((await StatsAsync(upstream)).GetProperty("active").GetInt32() == 0) RunningUpstream.Token.ThrowIfCancellationRequested();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ExpectAbortedAsync(upstream);
    }

    [Fact]
    public async Task Stats_AfterTwoCalls_CountThem()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        foreach (var model in (string[])["sim-3-0", "sim-3-0-cut-clean"])
        {
            using var response = await upstream.AskModelAsync(model);
            await RunningUpstream.EventsAsync(response);
        }

        var stats = await StatsAsync(upstream);
        while (stats.GetProperty("active").GetInt32() > 0) stats = await StatsAsync(upstream);
        Assert.Equal((2, 1, 1, 0, 5), (
            stats.GetProperty("requests").GetInt32(),
            stats.GetProperty("completed").GetInt32(),
            stats.GetProperty("cut").GetInt32(),
            stats.GetProperty("aborted").GetInt32(),
            stats.GetProperty("tokens_sent").GetInt32()));
    }

    [Fact]
    public async Task Stats_LastRequest_KeepsNoSecret()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        upstream.Http.DefaultRequestHeaders.Add("Authorization", "Bearer canary-1");
        upstream.Http.DefaultRequestHeaders.Add("api-key", "canary-2");
        upstream.Http.DefaultRequestHeaders.Add("X-BELLA-TRACE-ID", "t-1");
        (await upstream.AskModelAsync("sim-1-0")).Dispose();
        var stats = await upstream.Http.GetStringAsync("/stats", RunningUpstream.Token);
        Assert.DoesNotContain("canary", stats, StringComparison.Ordinal);
        Assert.Contains("\"authorized\":true", stats, StringComparison.Ordinal);
        Assert.Contains("\"x-bella-trace-id\":\"t-1\"", stats, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastRequest_Body_IsByteForByte()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        const string body = """{"model":"sim-1-0",  "unknown":{"深":[1,null]}}""";
        (await upstream.AskAsync(body)).Dispose();
        Assert.Equal(body, await upstream.Http.GetStringAsync("/last-request", RunningUpstream.Token));
    }

    private static async Task ExpectAbortedAsync(RunningUpstream upstream)
    {
        var stats = await StatsAsync(upstream);
        while (stats.GetProperty("active").GetInt32() > 0) stats = await StatsAsync(upstream);
        Assert.Equal(1, stats.GetProperty("aborted").GetInt32());
    }

    private static Task<JsonElement> StatsAsync(RunningUpstream upstream) =>
        upstream.Http.GetFromJsonAsync<JsonElement>("/stats", RunningUpstream.Token);
}
