using System.Text;
using Sluice.Server.Upstream.Answers;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Upstream;

/// <summary>The whole server between a client and two targets of the scripted upstream, the first of which breaks off in mid-answer.</summary>
public sealed class RescueScenarioTests
{
    [Theory]
    [InlineData("s08", "ok", "none")]
    [InlineData("s09", "ok", "none")]
    [InlineData("cut-clean", "ok", "none")]
    [InlineData("error-chunk", "ok", "none")]
    [InlineData("s08", "ok", "mistral")]
    [InlineData("s08", "ok", "vllm")]
    [InlineData("s08", "s14", "none")]
    [InlineData("s08", "s14", "mistral")]
    [InlineData("s09", "s14", "deepseek")]
    [InlineData("cut", "one-byte", "none")]
    public async Task FirstTargetBreaksOff_BothDialectsGetTheWholeAnswer(string first, string second, string prefix)
    {
        await using var upstream = await RunningUpstream.StartAsync();
        await using var host = await StartAsync(upstream, first, second, prefix);

        var events = EventText.Data(await AskAsync(host, "/ask/stream?prompt=hi", body: null));
        var end = events[^1];
        Assert.Equal("end", EventText.Field(end, "type"));
        Assert.Equal(ScriptedAnswer.Text(60), EventText.Field(end, "answer"));
        Assert.Equal(ScriptedAnswer.Text(60), string.Concat(events.Where(data => EventText.Field(data, "type") == "delta").Select(data => EventText.Field(data, "content"))));
        Assert.Equal(second == "s14" && prefix != "none" ? "3" : "2", EventText.Field(end, "attempts"));

        var chunks = EventText.Data(await AskAsync(host, "/v1/chat/completions", """{"model":"chat","stream":true,"messages":[{"role":"user","content":"hi"}]}"""));
        Assert.Equal("[DONE]", chunks[^1]);
        Assert.Equal(ScriptedAnswer.Text(60), RunningUpstream.Text(chunks[..^1]));
        Assert.Single(chunks[..^1].Select(data => EventText.Field(data, "id")).Distinct(StringComparer.Ordinal));
        Assert.Single(chunks, data => data.Contains("\"role\":", StringComparison.Ordinal));
        Assert.Single(chunks, data => data.Contains("\"finish_reason\":\"", StringComparison.Ordinal));
    }

    private static Task<SluiceHost> StartAsync(RunningUpstream upstream, string first, string second, string prefix) => SluiceHost.StartAsync(
        new Script().Done(),
        ("Sluice:Providers:up:Type", "openai"),
        ("Sluice:Providers:up:BaseUrl", new Uri(upstream.Address, "v1").ToString()),
        ("Sluice:Providers:up:Rescue:Prefix", prefix),
        ("Sluice:Models:chat:Targets:0:Provider", "up"),
        ("Sluice:Models:chat:Targets:0:Model", $"sim-60-0-{first}"),
        ("Sluice:Models:chat:Targets:0:Timeouts:Idle", "00:00:01"),
        ("Sluice:Models:chat:Targets:1:Provider", "up"),
        ("Sluice:Models:chat:Targets:1:Model", $"sim-60-0-{second}"),
        ("Sluice:Retry:Within", "1.00:00:00"),
        ("Sluice:Timeouts:Connect", "1.00:00:00"),
        ("Sluice:Timeouts:Headers", "1.00:00:00"),
        ("Sluice:Timeouts:FirstToken", "1.00:00:00"),
        ("Sluice:Timeouts:Idle", "1.00:00:00"));

    private static async Task<string> AskAsync(SluiceHost host, string path, string? body)
    {
        using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var asking = ReadAsync(host, request);

        // The first target may have fallen silent: nothing but the clock ends that.
        await Within.UntilAsync(() =>
        {
            host.Time.Advance(TimeSpan.FromMilliseconds(10));
            return asking.IsCompleted;
        });
        return await asking;
    }

    private static async Task<string> ReadAsync(SluiceHost host, HttpRequestMessage request)
    {
        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var lines = (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        // What is being done is told without an id, and is no part of the answer.
        return string.Join("\n\n", lines.Where(block => !block.Contains("\"type\":\"status\"", StringComparison.Ordinal)));
    }
}
