using System.Net;
using Sluice.Chat;
using Sluice.Server.Access;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class ApiKeyTests
{
    private static Script Answer => new Script().Text("a").Finish().Done();

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "bearer  ")]
    [InlineData("x-api-key", "")]
    [InlineData("api-key", "")]
    public async Task Key_InEveryHeaderThatSdksUse_IsTaken(string header, string before)
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var key = bench.Make("ann");
        using var response = await bench.SendAsync(HttpMethod.Get, "/v1/models", null, null, (header, before + key));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null, "No key was sent.", "Bearer realm=\"sluice\"")]
    [InlineData("", "The key is not known here.", "Bearer realm=\"sluice\", error=\"invalid_token\"")]
    [InlineData("sk-sluice-", "The key is not known here.", "Bearer realm=\"sluice\", error=\"invalid_token\"")]
    [InlineData("sk-sluice-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "The key is not known here.", "Bearer realm=\"sluice\", error=\"invalid_token\"")]
    public async Task WithoutAKey_AnEventStreamIsRefusedLikeEverythingElse(string? key, string message, string challenge)
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        foreach (var path in (string[])["/ask/stream?prompt=q", "/v1/models", "/v1/streams/st_AAAAAAAAAAAAAAAAAAAAAA/events", "/nothing/here"])
        {
            using var response = await bench.SendAsync(HttpMethod.Get, path, null, null, key is null ? [("Accept", "text/event-stream")] : [("Accept", "text/event-stream"), ("x-api-key", key)]);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal(challenge, response.Headers.WwwAuthenticate.ToString());
            Assert.Equal(
                $$$"""{"error":{"message":"{{{message}}} Send yours as `Authorization: Bearer KEY`.","type":"authentication_error","code":"invalid_api_key","param":null}}""",
                await StreamResumeTests.TextAsync(response));
        }

        using var link = await bench.SendAsync(HttpMethod.Get, "/v1/streams/st_AAAAAAAAAAAAAAAAAAAAAA/events?capability=x", null);
        Assert.Equal(HttpStatusCode.Unauthorized, link.StatusCode);

        // Anyone can send keys that are none: the log is not his to fill.
        Assert.DoesNotContain(bench.Host.Log, record => record.Category!.EndsWith("Handler", StringComparison.Ordinal));
        Assert.Equal(0, bench.Host.Script.Calls);
    }

    [Fact]
    public async Task Headers_ThatContradictEachOther_AreRefused()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var (ann, bob) = (bench.Make("ann"), bench.Make("bob"));
        using var same = await bench.SendAsync(HttpMethod.Get, "/v1/models", ann, null, ("x-api-key", ann));
        using var other = await bench.SendAsync(HttpMethod.Get, "/v1/models", ann, null, ("x-api-key", bob));
        using var basic = await bench.SendAsync(HttpMethod.Get, "/v1/models", null, null, ("Authorization", "Basic YTpi"), ("x-api-key", bob));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (same.StatusCode, other.StatusCode, basic.StatusCode));
        using var raw = await RawClient.ConnectAsync(bench.Host);
        await raw.GetAsync("/v1/models", $"Authorization: Bearer {ann}\r\nAuthorization: Bearer {ann}\r\nConnection: close\r\n");
        Assert.StartsWith("HTTP/1.1 401", await raw.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_IsNowhereButWithItsHolder()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var key = bench.Make("ann");
        using var asked = await bench.SendAsync(HttpMethod.Post, "/ask/stream", key, """{"prompt":"q"}""");
        var body = await StreamResumeTests.TextAsync(asked);
        using var wrong = await bench.SendAsync(HttpMethod.Get, "/v1/models", key[..^1]);
        var secret = key[ApiKeyText.Prefix.Length..^1];
        Assert.DoesNotContain(secret, body + await StreamResumeTests.TextAsync(wrong), StringComparison.Ordinal);
        Assert.DoesNotContain(bench.Host.Log, record => record.ToString().Contains(secret, StringComparison.Ordinal));
        Assert.DoesNotContain(secret, System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(bench.Service<AccessOptions>().Keys.Database, TestContext.Current.CancellationToken)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_LimitsModelsAndNamesTheCaller()
    {
        await using var bench = await AccessBench.StartAsync(Answer, ("Sluice:Models:chat:Targets:0:Provider", "scripted"), ("Sluice:Models:other:Targets:0:Provider", "scripted"));
        var limits = new CallerLimits { RequestsPerMinute = 7, CostPerMonth = 12.5m };
        var key = bench.Make("ann", record => record with { Models = ["chat"], Limits = limits });
        using var other = await bench.SendAsync(HttpMethod.Post, "/ask/stream", key, """{"prompt":"q","model":"other"}""");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var chat = await bench.SendAsync(HttpMethod.Post, "/ask/stream", key, """{"prompt":"q","model":"chat"}""");
        Assert.Equal(HttpStatusCode.OK, chat.StatusCode);
        var caller = bench.Host.Script.Request!.Caller;
        Assert.Equal((bench.Keys["ann"].Id, bench.Keys["ann"].Id, limits), (caller.Id, caller.KeyId, caller.Limits));
    }

    [Fact]
    public async Task Owner_IsSharedByKeysThatAreMadeSo()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var ann = bench.Make("ann");
        var viewer = bench.Make("viewer", record => record with { Owner = bench.Keys["ann"].Id, Role = Role.Viewer });
        var bob = bench.Make("bob");
        var id = await bench.AskAsync(ann);
        using var hers = await bench.SendAsync(HttpMethod.Get, $"/v1/streams/{id}", viewer);
        using var his = await bench.SendAsync(HttpMethod.Get, $"/v1/streams/{id}", bob);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (hers.StatusCode, his.StatusCode));
    }

    [Fact]
    public async Task UnknownPath_IsNoSecretToWhoIsSignedIn()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var key = bench.Make("ann");
        using var nothing = await bench.SendAsync(HttpMethod.Get, "/nothing/here", key);
        using var method = await bench.SendAsync(HttpMethod.Delete, "/v1/models", key);
        using var statusz = await bench.SendAsync(HttpMethod.Get, "/statusz", key);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.Forbidden), (nothing.StatusCode, method.StatusCode, statusz.StatusCode));
        Assert.Contains("permission_denied", await StreamResumeTests.TextAsync(statusz), StringComparison.Ordinal);
    }
}
