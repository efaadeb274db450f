using System.Net.Http.Json;
using System.Text.Json;
using Sluice.Server.Upstream;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Tests.Server.Upstream;

public sealed class UpstreamAnswerTests
{
    [Theory]
    [InlineData("ok")]
    [InlineData("malformed")]
    [InlineData("empty-data")]
    [InlineData("odd-pings")]
    [InlineData("no-done")]
    [InlineData("crlf")]
    [InlineData("one-byte")]
    [InlineData("wrong-content-type")]
    [InlineData("content-filter-stream")]
    [InlineData("reasoning")]
    [InlineData("reject-prefill")]
    public async Task Stream_HarmlessScenario_CarriesTheWholeText(string scenario)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-20-0-" + scenario);
        Assert.Equal(ScriptedAnswer.Text(20), RunningUpstream.Text(await RunningUpstream.EventsAsync(response)));
    }

    [Theory]
    [InlineData("ok", true)]
    [InlineData("no-done", false)]
    public async Task Stream_Done_IsThereUnlessTheScenarioLeavesItOut(string scenario, bool done)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("sim-2-0-" + scenario);
        Assert.Equal(done, (await RunningUpstream.EventsAsync(response))[^1] == "[DONE]");
    }

    [Fact]
    public async Task Stream_BellaDialect_FlushesEachEventInThreeParts()
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { Dialect = UpstreamDialect.Bella, Tokens = 1 });
        var (bytes, _) = await upstream.RawAsync("any");
        // Every flush is an HTTP chunk of its own; six events: role, token, sensitives, finish, usage, sensitives.
        Assert.Equal(6, bytes.Split("\r\n5\r\ndata:\r\n").Length - 1);
        Assert.Equal(6, bytes.Split("\r\n2\r\n\n\n\r\n").Length - 1);
        Assert.DoesNotContain("[DONE]", bytes, StringComparison.Ordinal);
        Assert.EndsWith("\r\n0\r\n\r\n", bytes, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_BellaDialect_EchoesTheTraceAndNamesTheRequest()
    {
        await using var upstream = await RunningUpstream.StartAsync(new UpstreamOptions { Dialect = UpstreamDialect.Bella });
        upstream.Http.DefaultRequestHeaders.Add("X-BELLA-TRACE-ID", "t-1");
        using var response = await upstream.AskModelAsync("sim-1-0");
        Assert.Equal("t-1", Assert.Single(response.Headers.GetValues("X-BELLA-TRACE-ID")));
        Assert.Equal(32, Assert.Single(response.Headers.GetValues("X-BELLA-REQUEST-ID")).Length);
    }

    [Fact]
    public async Task Stream_PrefilledRequest_GoesOnBehindIt()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var prefill = JsonSerializer.Serialize(ScriptedAnswer.Text(4) + "back");
        using var response = await upstream.AskAsync($$"""{"model":"sim-6-0","stream":true,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":{{prefill}}}]}""");
        Assert.Equal(ScriptedAnswer.Text(6)[(ScriptedAnswer.Text(4).Length + 4)..], RunningUpstream.Text(await RunningUpstream.EventsAsync(response)));
    }

    [Fact]
    public async Task Stream_UsageAskedFor_IsTheLastChunk()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskAsync("""{"model":"sim-3-0","stream":true,"stream_options":{"include_usage":true}}""");
        var usage = JsonDocument.Parse((await RunningUpstream.EventsAsync(response))[^2]).RootElement;
        Assert.Empty(usage.GetProperty("choices").EnumerateArray());
        Assert.Equal(3, usage.GetProperty("usage").GetProperty("completion_tokens").GetInt32());
    }

    [Fact]
    public async Task Stream_ToolsOnOffer_AreCalledByName()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskAsync("""{"model":"sim-3-0-tools","stream":true,"tools":[{"type":"function","function":{"name":"find_river"}}]}""");
        var events = await RunningUpstream.EventsAsync(response);
        Assert.Equal(2, events.Count(e => e.Contains("find_river", StringComparison.Ordinal)));
        Assert.Contains("\"finish_reason\":\"tool_calls\"", events[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_LatencyModel_StampsEveryToken()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskModelAsync("lat-3-0");
        Assert.Equal(3, (await RunningUpstream.EventsAsync(response)).Count(e => e.Contains("\"content\":\"@", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Whole_NotStreamed_IsOneDocument()
    {
        await using var upstream = await RunningUpstream.StartAsync();
        using var response = await upstream.AskAsync("""{"model":"sim-20-0"}""");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(RunningUpstream.Token);
        var choice = answer.GetProperty("choices")[0];
        Assert.Equal(ScriptedAnswer.Text(20), choice.GetProperty("message").GetProperty("content").GetString());
        Assert.Equal("stop", choice.GetProperty("finish_reason").GetString());
        Assert.Equal(31, answer.GetProperty("usage").GetProperty("total_tokens").GetInt32());
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/models")]
    public async Task Models_Asked_NameOne(string path)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        var models = await upstream.Http.GetFromJsonAsync<JsonElement>(path, RunningUpstream.Token);
        Assert.Equal("sim-60-0", models.GetProperty("data")[0].GetProperty("id").GetString());
    }
}
