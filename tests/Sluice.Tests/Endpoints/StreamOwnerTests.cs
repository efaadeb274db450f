using System.Net;
using System.Text;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

public sealed class StreamOwnerTests
{
    private const string Unknown = "st_AAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task Owner_FindsHisStreamInEveryWay()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done(), NamedCallers.Believed());
        var id = await AskAsync(host, "ann");
        foreach (var (method, path, cursor) in Ways(id))
        {
            var (status, body) = await SendAsync(host, "ann", method, path, cursor, "*/*");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.DoesNotContain("stream_lost", body, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("application/json")]
    public async Task AnyoneElse_GetsWhatAStreamGetsThatNeverWas(string accept)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done(), NamedCallers.Believed());
        var id = await AskAsync(host, "ann");
        foreach (var stranger in (string?[])["bob", "Ann", null])
        {
            foreach (var ((method, path, cursor), (_, otherPath, otherCursor)) in Ways(id).Zip(Ways(Unknown)))
            {
                var theirs = await SendAsync(host, stranger, method, path, cursor, accept);
                var unknown = await SendAsync(host, stranger, method, otherPath, otherCursor, accept);
                Assert.Contains("stream_lost", theirs.Body, StringComparison.Ordinal);
                Assert.Equal(unknown.Status, theirs.Status);
                Assert.Equal(unknown.Body, theirs.Body.Replace(id, Unknown, StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Cancel_OfAnyoneElse_StopsNothing()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang(), NamedCallers.Believed());
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=q", "X-Caller: ann\r\n");
        await client.ReadUntilAsync("\"a\"");
        var id = StreamResumeTests.Id(client.Seen);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(host, "bob", HttpMethod.Post, $"/v1/streams/{id}/cancel", null, "*/*")).Status);
        Assert.Equal(1, host.Hub.Active);
        Assert.Contains("cancelled", (await SendAsync(host, "ann", HttpMethod.Post, $"/v1/streams/{id}/cancel", null, "*/*")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/ask/stream", """{"prompt":"q"}""")]
    [InlineData("/v1/chat/completions", """{"stream":true,"messages":[]}""")]
    [InlineData("/v1/chat/completions", """{"messages":[]}""")]
    public async Task IdempotencyKey_IsItsOwnersAlone(string path, string body)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Completion("{}").Text("a").Finish().Done(), NamedCallers.Believed());

        // The owner and the key together are the same text for the last two.
        foreach (var (caller, key, calls) in ((string, string, int)[])[("ann", "k", 1), ("ann", "k", 1), ("bob", "k", 2), ("bob1:", "k", 3), ("bob", "1:k", 4)])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Add("X-Caller", caller);
            request.Headers.Add("Idempotency-Key", key);
            using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await StreamResumeTests.TextAsync(response);
            Assert.Equal(calls, host.Script.Calls);
        }
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("", HttpStatusCode.OK)]
    [InlineData("chat", HttpStatusCode.OK)]
    [InlineData("Chat", HttpStatusCode.NotFound)]
    [InlineData("other", HttpStatusCode.NotFound)]
    [InlineData("scripted", HttpStatusCode.NotFound)]
    [InlineData("scripted/m", HttpStatusCode.NotFound)]
    [InlineData("scripted/chat", HttpStatusCode.NotFound)]
    [InlineData("chat ", HttpStatusCode.NotFound)]
    public async Task Model_ThatTheCallerMayNotAskFor_IsOneThatNobodyHas(string? model, HttpStatusCode expected)
    {
        await using var host = await WithModelsAsync("chat");
        var named = model is null ? "" : $",\"model\":\"{model}\"";
        var native = await PostAsync(host, "/ask/stream", $"{{\"prompt\":\"q\"{named}}}");
        var openAi = await PostAsync(host, "/v1/chat/completions", $"{{\"messages\":[]{named}}}");
        Assert.Equal((expected, expected), (native.Status, openAi.Status));
        Assert.Equal(expected == HttpStatusCode.NotFound, native.Body.Contains("model_not_found", StringComparison.Ordinal));
        Assert.Equal(expected == HttpStatusCode.OK ? 2 : 0, host.Script.Calls);
    }

    [Fact]
    public async Task DefaultModel_CountsUnderItsOwnName()
    {
        await using var host = await WithModelsAsync("other");
        var refused = await PostAsync(host, "/ask/stream", """{"prompt":"q"}""");
        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.DoesNotContain("chat", refused.Body, StringComparison.Ordinal);
        Assert.Equal(0, host.Script.Calls);
    }

    [Fact]
    public async Task Models_ListOnlyWhatTheCallerMayAskFor()
    {
        await using var host = await WithModelsAsync("chat");
        var list = (await SendAsync(host, "ann", HttpMethod.Get, "/v1/models", null, "*/*")).Body;
        Assert.Equal("""{"object":"list","data":[{"id":"chat","object":"model","created":0,"owned_by":"scripted"}]}""", list);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, "ann", HttpMethod.Get, "/v1/models/chat", null, "*/*")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(host, "ann", HttpMethod.Get, "/v1/models/other", null, "*/*")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(host, null, HttpMethod.Get, "/v1/models/other", null, "*/*")).Status);
    }

    [Fact]
    public async Task EndOf_EndsTheAnswersOfThoseWhoMayNoLongerAsk()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Hang(), NamedCallers.Believed());
        using var ann = await RawClient.ConnectAsync(host);
        using var bob = await RawClient.ConnectAsync(host);
        await ann.GetAsync("/ask/stream?prompt=q", "X-Caller: ann\r\nConnection: close\r\n");
        await ann.ReadUntilAsync("\"a\"");
        await bob.GetAsync("/ask/stream?prompt=q", "X-Caller: bob\r\nConnection: close\r\n");
        await bob.ReadUntilAsync("\"a\"");
        var waiting = PostAsync(host, "/v1/chat/completions", """{"messages":[]}""");
        await Within.UntilAsync(() => host.Script.Calls == 3);
        host.Hub.EndOf(static caller => caller.Id == "ann" ? new ChatProviderException(ChatErrorKind.KeyRevoked, "revoked") : null);
        Assert.Contains("""{"type":"error","code":"key_revoked","message":"revoked","retryable":false,"answer":"a"}""", await ann.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await waiting).Status);
        await Within.UntilAsync(() => host.Hub.Active == 1);
    }

    private static Task<SluiceHost> WithModelsAsync(params string[] models) => SluiceHost.StartAsync(
        new Script().Completion("{}").Text("a").Finish().Done(),
        NamedCallers.Believed(name => new Caller(name) { Models = models }),
        ("Sluice:DefaultModel", "chat"),
        ("Sluice:Models:chat:Targets:0:Provider", "scripted"),
        ("Sluice:Models:other:Targets:0:Provider", "scripted"));

    private static (HttpMethod Method, string Path, string? Cursor)[] Ways(string id) =>
    [
        (HttpMethod.Get, "/ask/stream?prompt=q", $"{id}.1"),
        (HttpMethod.Get, $"/v1/streams/{id}/events", null),
        (HttpMethod.Get, $"/v1/streams/{id}/events", $"{id}.1"),
        (HttpMethod.Get, $"/v1/streams/{id}", null),
        (HttpMethod.Post, $"/v1/streams/{id}/cancel", null),
    ];

    private static async Task<string> AskAsync(SluiceHost host, string caller)
    {
        var id = StreamResumeTests.Id((await SendAsync(host, caller, HttpMethod.Get, "/ask/stream?prompt=q", null, "*/*")).Body);
        await Within.UntilAsync(() => host.Hub.Active == 0);
        return id;
    }

    private static Task<(HttpStatusCode Status, string Body)> PostAsync(SluiceHost host, string path, string body) => SendAsync(host, "ann", HttpMethod.Post, path, null, "*/*", body);

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(
        SluiceHost host, string? caller, HttpMethod method, string path, string? cursor, string accept, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Accept", accept);
        if (caller is not null)
        {
            request.Headers.Add("X-Caller", caller);
        }

        if (cursor is not null)
        {
            request.Headers.Add("Last-Event-ID", cursor);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, await StreamResumeTests.TextAsync(response));
    }
}
