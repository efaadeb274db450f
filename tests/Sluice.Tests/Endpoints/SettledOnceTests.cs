using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Sluice.Diagnostics;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

/// <summary>What a generation has cost is counted for the generation, not for those who read it.</summary>
public sealed class SettledOnceTests
{
    [Theory]
    [InlineData("/ask/stream", """{"prompt":"hi"}""")]
    [InlineData("/v1/chat/completions", """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    public async Task Joined_AndReadAgain_IsCountedOnce(string path, string body)
    {
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hop().Wait(gate.Task).Finish().Usage().Done());
        using var output = Output(host);
        var posts = Enumerable.Range(0, 5).Select(_ => PostAsync(host, path, body)).ToList();
        await host.Script.Asked.Soon();
        gate.SetResult();
        var answers = await Task.WhenAll((await Task.WhenAll(posts).Soon()).Select(StreamResumeTests.TextAsync)).Soon();
        await StreamResumeTests.TextAsync(await PostAsync(host, path, body));
        var id = StreamResumeTests.Id(answers[0]);
        await host.Client.GetStringAsync($"/v1/streams/{id}/events?after=1", TestContext.Current.CancellationToken);
        await host.Client.GetStringAsync($"/v1/streams/{id}", TestContext.Current.CancellationToken);
        await Within.UntilAsync(() => host.Hub.Active == 0);
        var settled = Assert.Single(output.GetMeasurementSnapshot());
        Assert.Equal((4L, (object?)false), (settled.Value, settled.Tags["sluice.usage.estimated"]));
    }

    [Fact]
    public async Task InOnePiece_Joined_IsCountedOnce()
    {
        const string Path = "/v1/chat/completions";
        const string Body = """{"messages":[]}""";
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Hop().Wait(gate.Task)
            .Completion("""{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""").Done());
        using var output = Output(host);
        var posts = Enumerable.Range(0, 5).Select(_ => PostAsync(host, Path, Body)).ToList();
        await host.Script.Asked.Soon();
        gate.SetResult();
        await Task.WhenAll(posts).Soon();
        await PostAsync(host, Path, Body);
        Assert.Equal(4, Assert.Single(output.GetMeasurementSnapshot()).Value);
    }

    [Fact]
    public async Task CancelledTwice_IsEstimatedOnce_AndReplayIsNotCounted()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Text("b").Hang());
        using var output = Output(host);
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=q");
        await client.ReadUntilAsync("\"b\"");
        var id = StreamResumeTests.Id(client.Seen);
        for (var i = 0; i < 2; i++)
        {
            using var response = await host.Client.PostAsync($"/v1/streams/{id}/cancel", null, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode);
        }

        await Within.UntilAsync(() => host.Hub.Active == 0);
        Assert.Contains("cancelled", await host.Client.GetStringAsync($"/v1/streams/{id}/events", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var settled = Assert.Single(output.GetMeasurementSnapshot());
        Assert.Equal((2L, (object?)true), (settled.Value, settled.Tags["sluice.usage.estimated"]));
    }

    private static MetricCollector<long> Output(SluiceHost host) =>
        new(host.Services.GetRequiredService<IMeterFactory>(), SluiceMetrics.MeterName, "gen_ai.client.inference.usage.output_tokens");

    private static async Task<HttpResponseMessage> PostAsync(SluiceHost host, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = AskStreamEndpointTests.Json(body) };
        request.Headers.Add("Idempotency-Key", "k-1");
        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
