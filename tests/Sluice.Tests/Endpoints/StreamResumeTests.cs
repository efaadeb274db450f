using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

/// <summary>A client that was cut comes back over HTTP.</summary>
public sealed class StreamResumeTests
{
    private const string Chat = """{"stream":true,"messages":[]}""";
    private const string Unknown = "st_AAAAAAAAAAAAAAAAAAAAAA";

    [Theory]
    [InlineData("ask")]
    [InlineData("chat")]
    [InlineData("events")]
    public async Task CutSomewhere_ReadsTheRest(string way)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("你好，").Text("世界 👋🏽").Hop().Text("👩‍👩‍👧 再见").Finish().Done());
        var calls = 0;
        for (var k = 1; k < 300; k += 23)
        {
            calls++;
            var (id, got) = await ReadSomeAsync(host, way, k);
            var (whole, last, cursor) = Viewing.Taken(got);
            using var request = cursor is null
                ? new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events")
                : way switch
                {
                    "ask" => new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=hi"),
                    "chat" => new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = AskStreamEndpointTests.Json(Chat) },
                    _ => new HttpRequestMessage(HttpMethod.Get, $"/v1/streams/{id}/events"),
                };
            if (cursor is not null)
            {
                request.Headers.Add("Last-Event-ID", cursor);
            }

            var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            var rest = response.StatusCode == HttpStatusCode.NoContent ? [] : await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            var data = EventText.Data(Encoding.UTF8.GetString([.. whole, .. rest]));
            Assert.Equal(5, data.Count);
            Assert.Contains(way == "chat" ? "[DONE]" : "你好，世界 👋🏽👩‍👩‍👧 再见", data[^1], StringComparison.Ordinal);
            Assert.Equal(calls, host.Script.Calls);
        }
    }

    [Fact]
    public async Task CutBeforeTheUpstreamAnswered_TheQuestionIsAskedOnce()
    {
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Wait(gate.Task).Text("late").Finish().Done());
        using (var client = await RawClient.ConnectAsync(host))
        {
            await client.GetAsync("/ask/stream?prompt=hi");
            await client.ReadUntilAsync("\"type\":\"start\"");
            client.Reset();
            var id = Id(client.Seen);
            using var back = await RawClient.ConnectAsync(host);
            await back.GetAsync("/ask/stream?prompt=hi", $"Connection: close\r\nLast-Event-ID: {id}.1\r\n");
            await back.ReadUntilAsync("\r\n\r\n");
            gate.SetResult();
            var seen = await back.ReadToEndAsync();
            Assert.DoesNotContain("\"type\":\"start\"", seen, StringComparison.Ordinal);
            Assert.Contains($"id: {id}.2\ndata: {{\"type\":\"delta\",\"content\":\"late\"}}", seen, StringComparison.Ordinal);
            Assert.Contains($"id: {id}.3\ndata: {{\"type\":\"end\",\"answer\":\"late\"", seen, StringComparison.Ordinal);
        }

        Assert.Equal(1, host.Script.Calls);
    }

    [Fact]
    public async Task AtOrBehindTheTerminal_Is204()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done());
        var id = Id(await AskAsync(host));
        foreach (var cursor in new[] { $"{id}.3", $"{id}.99", $"{id}.end", $"{Unknown}.end", "st_lost.end", "anything.end" })
        {
            foreach (var path in new[] { "/ask/stream?prompt=hi", $"/v1/streams/{id}/events" })
            {
                var response = await ResumeAsync(host, path, cursor);
                Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
            }

            Assert.Equal(HttpStatusCode.NoContent, (await ResumeAsync(host, "/v1/chat/completions", cursor, HttpMethod.Post)).StatusCode);
        }

        Assert.Equal(1, host.Script.Calls);
    }

    [Theory]
    [InlineData(Unknown + ".4", Unknown + ".end")]
    [InlineData(Unknown + ".x", "st_lost.end")]
    [InlineData(Unknown + ".-1", "st_lost.end")]
    [InlineData(Unknown + ".99999999999999999999", "st_lost.end")]
    [InlineData(Unknown, "st_lost.end")]
    [InlineData("st_short.1", "st_lost.end")]
    [InlineData("../../etc.1", "st_lost.end")]
    [InlineData("17", "st_lost.end")]
    [InlineData(".", "st_lost.end")]
    public async Task Unknown_IsOneErrorEvent(string cursor, string id)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        foreach (var path in new[] { "/ask/stream?prompt=hi", "/ask/stream", $"/v1/streams/{Unknown}/events" })
        {
            var response = await ResumeAsync(host, path, cursor);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            var lines = (await TextAsync(response)).Split('\n');
            Assert.Equal($"id: {id}", lines[0]);
            Assert.Equal("stream_lost", EventText.Field(lines[1][6..], "code"));
            Assert.Equal("error", EventText.Field(lines[1][6..], "type"));
            Assert.Equal(["", ""], lines[2..]);
            await AskStreamEndpointTests.ErrorIsAsync(await ResumeAsync(host, path, cursor, accept: "application/json"), 404, "stream_lost");
        }

        Assert.Equal(0, host.Script.Calls);
    }

    [Fact]
    public async Task Unknown_InOpenAi_IsAnErrorFrameAndAnUncleanClose()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var client = await RawClient.ConnectAsync(host);
        await client.PostAsync("/v1/chat/completions", Chat, $"Last-Event-ID: {Unknown}.4\r\n");
        var seen = await client.ReadToEndAsync();
        Assert.Contains($"id: {Unknown}.end\ndata: {{\"error\":", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n", seen, StringComparison.Ordinal);
        Assert.Equal(0, host.Script.Calls);
    }

    [Fact]
    public async Task Expired_IsLost()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done());
        var id = Id(await AskAsync(host));
        await Within.UntilAsync(() => host.Hub.Active == 0);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync($"/v1/streams/{id}", TestContext.Current.CancellationToken)).StatusCode);
        await Within.UntilAsync(() =>
        {
            host.Time.Advance(TimeSpan.FromMinutes(10));
            return host.Hub.Kept == 0;
        });
        Assert.Contains("stream_lost", await TextAsync(await ResumeAsync(host, "/ask/stream?prompt=hi", $"{id}.1")), StringComparison.Ordinal);
        await AskStreamEndpointTests.ErrorIsAsync(await host.Client.GetAsync($"/v1/streams/{id}", TestContext.Current.CancellationToken), 404, "stream_lost");
        await AskStreamEndpointTests.ErrorIsAsync(await host.Client.PostAsync($"/v1/streams/{id}/cancel", null, TestContext.Current.CancellationToken), 404, "stream_lost");
        Assert.Equal(1, host.Script.Calls);
    }

    [Fact]
    public async Task CursorAhead_InOpenAi_IsAnErrorFrameAndAnUncleanClose()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang());
        using var first = await RawClient.ConnectAsync(host);
        await first.PostAsync("/v1/chat/completions", Chat);
        await first.ReadUntilAsync("\"a\"");
        using var client = await RawClient.ConnectAsync(host);
        await client.PostAsync("/v1/chat/completions", Chat, $"Last-Event-ID: {Id(first.Seen)}.9\r\n");
        var seen = await client.ReadToEndAsync();
        Assert.Contains("stream_lost", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n0\r\n", seen, StringComparison.Ordinal);
        Assert.Equal(1, host.Hub.Active);
    }

    [Fact]
    public async Task Events_AfterInTheQuery_LosesAgainstTheHeader()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Text("b").Finish().Done());
        var full = await AskAsync(host);
        var id = Id(full);
        var after = await TextAsync(await host.Client.GetAsync($"/v1/streams/{id}/events?after=2", TestContext.Current.CancellationToken));
        Assert.StartsWith($"id: {id}.3\n", after, StringComparison.Ordinal);
        Assert.EndsWith(after, full, StringComparison.Ordinal);
        Assert.Equal(full, await TextAsync(await host.Client.GetAsync($"/v1/streams/{id}/events", TestContext.Current.CancellationToken)));
        Assert.StartsWith($"id: {id}.2\n", await TextAsync(await ResumeAsync(host, $"/v1/streams/{id}/events?after=3", $"{id}.1")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await host.Client.GetAsync($"/v1/streams/{id}/events?after=4", TestContext.Current.CancellationToken)).StatusCode);
        await AskStreamEndpointTests.ErrorIsAsync(await host.Client.GetAsync($"/v1/streams/{id}/events?after=x", TestContext.Current.CancellationToken), 400, "invalid_request");
        Assert.Contains("stream_lost", await TextAsync(await ResumeAsync(host, $"/v1/streams/{id}/events", $"{Unknown}.1")), StringComparison.Ordinal);
    }

    internal static string Id(string seen) => seen.Substring(seen.IndexOf("st_", StringComparison.Ordinal), 25);

    internal static Task<string> TextAsync(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    internal static async Task<string> AskAsync(SluiceHost host) =>
        await host.Client.GetStringAsync("/ask/stream?prompt=hi", TestContext.Current.CancellationToken);

    private static async Task<HttpResponseMessage> ResumeAsync(SluiceHost host, string path, string cursor, HttpMethod? method = null, string accept = "text/event-stream")
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
        request.Headers.Add("Last-Event-ID", cursor);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task<(string Id, byte[] Got)> ReadSomeAsync(SluiceHost host, string way, int bytes)
    {
        using var request = way == "chat"
            ? new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = AskStreamEndpointTests.Json(Chat) }
            : new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=hi");
        request.Headers.Add("X-Sluice-On-Disconnect", "detach");
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var got = new byte[bytes];
        await body.ReadExactlyAsync(got, TestContext.Current.CancellationToken);
        return (response.Headers.GetValues("X-Sluice-Stream-Id").Single(), got);
    }
}
