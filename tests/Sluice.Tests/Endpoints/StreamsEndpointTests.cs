using System.Net;
using System.Text.Json;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

public sealed class StreamsEndpointTests
{
    [Theory]
    [InlineData("running")]
    [InlineData("done")]
    [InlineData("failed")]
    [InlineData("cancelled")]
    public async Task Get_IsWhatTheStreamHasComeTo(string state)
    {
        var script = new Script().Text("a").Text("你好").Hop();
        await using var host = await SluiceHost.StartAsync(state switch
        {
            "done" => script.Finish().Usage().Done(),
            "failed" => script.Fail(new ChatProviderException(ChatErrorKind.Upstream, "broken")),
            _ => script.Hang(),
        }, ("Sluice:Retry:Retries", "0"));
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=q");
        await client.ReadUntilAsync("你好");
        var id = StreamResumeTests.Id(client.Seen);
        if (state == "cancelled")
        {
            await CancelAsync(host, id);
        }

        await Within.UntilAsync(() => state == "running" || host.Hub.Active == 0);
        var response = await host.Client.GetAsync($"/v1/streams/{id}", TestContext.Current.CancellationToken);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        using var json = JsonDocument.Parse(await StreamResumeTests.TextAsync(response));
        var root = json.RootElement;
        Assert.Equal(["id", "state", "seq", "model", "question", "text", "reasoning", "tool_calls", "usage", "attempts"], root.EnumerateObject().Select(field => field.Name));
        Assert.Equal(id, root.GetProperty("id").GetString());
        Assert.Equal(state, root.GetProperty("state").GetString());
        Assert.Equal(state == "running" ? 3 : 4, root.GetProperty("seq").GetInt64());
        Assert.Equal("a你好", root.GetProperty("text").GetString());
        Assert.Equal("q", root.GetProperty("question").GetString());
        Assert.Equal(state == "done" ? JsonValueKind.Object : JsonValueKind.Null, root.GetProperty("usage").ValueKind);
    }

    [Fact]
    public async Task Cancel_StopsTheUpstreamAndIsIdempotent()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang());
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=q", "Connection: close\r\n");
        await client.ReadUntilAsync("\"a\"");
        var id = StreamResumeTests.Id(client.Seen);
        var first = await CancelAsync(host, id);
        Assert.Equal("cancelled", EventText.Field(first, "state"));
        await host.Script.LetGo.Soon();
        Assert.Contains("""{"type":"cancelled","answer":"a"}""", await client.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(first, await CancelAsync(host, id));
    }

    [Fact]
    public async Task Cancel_AfterTheEnd_ChangesNothing()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done());
        var id = StreamResumeTests.Id(await StreamResumeTests.AskAsync(host));
        Assert.Equal("done", EventText.Field(await CancelAsync(host, id), "state"));
    }

    [Theory]
    [InlineData("st_AAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("nonsense")]
    public async Task Unknown_Is404(string id)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await AskStreamEndpointTests.ErrorIsAsync(await host.Client.GetAsync($"/v1/streams/{id}", TestContext.Current.CancellationToken), 404, "stream_lost");
        await AskStreamEndpointTests.ErrorIsAsync(await host.Client.PostAsync($"/v1/streams/{id}/cancel", null, TestContext.Current.CancellationToken), 404, "stream_lost");
    }

    [Theory]
    [InlineData("/ask/stream", """{"prompt":"q"}""", """{"prompt":"other"}""")]
    [InlineData("/v1/chat/completions", """{"stream":true,"messages":[]}""", """{"stream":true,"messages":[{"role":"user","content":"x"}]}""")]
    public async Task IdempotencyKey_ManyPosts_AreOneQuestion(string path, string body, string other)
    {
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Text("你好").Hop().Wait(gate.Task).Text("b").Finish().Done());
        var posts = Enumerable.Range(0, 20).Select(_ => PostAsync(host, path, body)).ToList();
        await host.Script.Asked.Soon();
        gate.SetResult();
        var answers = await Task.WhenAll((await Task.WhenAll(posts).Soon()).Select(StreamResumeTests.TextAsync));
        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Equal(4, EventText.Data(answers[0]).Count);
        Assert.Equal(answers[0], await StreamResumeTests.TextAsync(await PostAsync(host, path, body)));
        await AskStreamEndpointTests.ErrorIsAsync(await PostAsync(host, path, other), 409, "idempotency_key_reused");
        Assert.Equal(1, host.Script.Calls);
    }

    [Fact]
    public async Task IdempotencyKey_AnswersInOnePiece_AreOneQuestion()
    {
        const string Path = "/v1/chat/completions";
        const string Asked = """{"messages":[]}""";
        const string Answer = """{ "choices":[ {"message":{"content":"你好"}} ] }""";
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Hop().Wait(gate.Task).Completion(Answer).Done());
        var posts = Enumerable.Range(0, 20).Select(_ => PostAsync(host, Path, Asked)).ToList();
        await host.Script.Asked.Soon();
        gate.SetResult();
        foreach (var response in await Task.WhenAll(posts).Soon())
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal(Answer, await StreamResumeTests.TextAsync(response));
        }

        await AskStreamEndpointTests.ErrorIsAsync(await PostAsync(host, Path, """{"stream":true,"messages":[]}"""), 409, "idempotency_key_reused");
        Assert.Equal(1, host.Script.Calls);
    }

    [Theory]
    [InlineData("""{"messages":[]}""")]
    [InlineData("""{"stream":true,"messages":[]}""")]
    public async Task IdempotencyKey_TheUpstreamRefuses_AllGetTheError_AndMayAskAgain(string body)
    {
        const string Path = "/v1/chat/completions";
        var gate = Script.New();
        await using var host = await SluiceHost.StartAsync(new Script().Hop().Wait(gate.Task).Fail(new ChatProviderException(ChatErrorKind.RateLimited, "later")),
            ("Sluice:Retry:Retries", "0"));
        var posts = Enumerable.Range(0, 5).Select(_ => PostAsync(host, Path, body)).ToList();
        await Within.UntilAsync(() => host.Script.Calls == 1 && host.Hub.Keys == 1);
        gate.SetResult();
        var answers = await Task.WhenAll(posts).Soon();
        foreach (var response in answers)
        {
            await AskStreamEndpointTests.ErrorIsAsync(response, 429, "rate_limited");
        }

        var before = host.Script.Calls;
        await AskStreamEndpointTests.ErrorIsAsync(await PostAsync(host, Path, body), 429, "rate_limited");
        Assert.Equal(before + 1, host.Script.Calls);
    }

    private static async Task<string> CancelAsync(SluiceHost host, string id)
    {
        var response = await host.Client.PostAsync($"/v1/streams/{id}/cancel", null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await StreamResumeTests.TextAsync(response);
    }

    private static async Task<HttpResponseMessage> PostAsync(SluiceHost host, string path, string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = AskStreamEndpointTests.Json(body) };
        request.Headers.Add("Idempotency-Key", "k-1");
        return await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
