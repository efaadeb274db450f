using System.Net;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class TokenTests
{
    [Fact]
    public async Task Token_OfTheIssuer_IsItsSubject()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var bench = await StartAsync(issuer);
        var id = await bench.AskAsync(issuer.Token());
        Assert.Equal(($"{issuer.Address} ann", null), (bench.Host.Script.Request!.Caller.Id, bench.Host.Script.Request.Caller.KeyId));
        using var hers = await bench.SendAsync(HttpMethod.Get, $"/v1/streams/{id}", issuer.Token(left: TimeSpan.FromMinutes(20)));
        using var his = await bench.SendAsync(HttpMethod.Get, $"/v1/streams/{id}", issuer.Token("bob"));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (hers.StatusCode, his.StatusCode));
    }

    [Fact]
    public async Task Token_ThatIsNotGood_IsRefusedWithoutSayingWhy()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var bench = await StartAsync(issuer);
        string[] bad =
        [
            issuer.Token(left: TimeSpan.FromMinutes(-5)),
            issuer.Token(audience: "another"),
            issuer.Token(issuer: "http://127.0.0.1:1"),
            issuer.Token(isForged: true),
            issuer.Token(algorithm: "none"),
            issuer.Token(algorithm: "HS256"),
            issuer.Token(subject: ""),
            issuer.Token()[..^2],
            "a.b.c",
            "x",
        ];
        foreach (var token in bad)
        {
            using var response = await bench.SendAsync(HttpMethod.Get, "/v1/models", token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Contains("\"message\":\"The token is not valid here. Send yours", (await StreamResumeTests.TextAsync(response)).Replace("The token names no subject.", "The token is not valid here.", StringComparison.Ordinal), StringComparison.Ordinal);
        }

        using var good = await bench.SendAsync(HttpMethod.Get, "/v1/models", issuer.Token(audience: new[] { "another", Issuer.Audience }));
        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
    }

    [Theory]
    [InlineData("user", HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData("viewer", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("viewer admin", HttpStatusCode.OK, HttpStatusCode.OK)]
    [InlineData("king", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData("", HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    public async Task RoleClaim_SaysWhatTheCallerMayDo(string roles, HttpStatusCode ask, HttpStatusCode look)
    {
        await using var issuer = await Issuer.StartAsync();
        await using var bench = await StartAsync(issuer, ("Sluice:Access:Jwt:RoleClaim", "roles"));
        foreach (var value in (object[])[roles, roles.Split(' ')])
        {
            var token = issuer.Token(claims: ("roles", value));
            using var asked = await bench.SendAsync(HttpMethod.Post, "/ask/stream", token, """{"prompt":"q"}""");
            using var looked = await bench.SendAsync(HttpMethod.Get, "/statusz", token);
            Assert.Equal((ask, look), (asked.StatusCode, looked.StatusCode));
        }
    }

    [Fact]
    public async Task ModelsClaim_SaysWhatMayBeAskedFor()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var bench = await StartAsync(issuer, ("Sluice:Access:Jwt:ModelsClaim", "models"), ("Sluice:Models:chat:Targets:0:Provider", "scripted"), ("Sluice:Models:other:Targets:0:Provider", "scripted"));
        foreach (var (token, model, expected) in ((string, string, HttpStatusCode)[])
        [
            (issuer.Token(claims: ("models", "chat small")), "chat", HttpStatusCode.OK),
            (issuer.Token(claims: ("models", new[] { "chat" })), "other", HttpStatusCode.NotFound),
            (issuer.Token(), "chat", HttpStatusCode.NotFound),
        ])
        {
            using var asked = await bench.SendAsync(HttpMethod.Post, "/ask/stream", token, $$"""{"prompt":"q","model":"{{model}}"}""");
            Assert.Equal(expected, asked.StatusCode);
        }
    }

    [Fact]
    public async Task ApiKey_WorksBesideTokens()
    {
        await using var issuer = await Issuer.StartAsync();
        await using var bench = await StartAsync(issuer);
        using var key = await bench.SendAsync(HttpMethod.Get, "/v1/models", bench.Make("ann"));
        using var both = await bench.SendAsync(HttpMethod.Get, "/v1/models", issuer.Token(), null, ("x-api-key", bench.Keys["ann"].Text));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (key.StatusCode, both.StatusCode));
    }

    [Fact]
    public async Task Issuer_ThatCannotBeReached_IsNoFailureOfTheServer()
    {
        await using var bench = await AccessBench.StartAsync(
            new Script().Finish().Done(), ("Sluice:Access:Jwt:Authority", "http://127.0.0.1:1"), ("Sluice:Access:Jwt:Audience", Issuer.Audience), ("Sluice:Access:Jwt:RequireHttps", "false"));
        await using var issuer = await Issuer.StartAsync();
        using var response = await bench.SendAsync(HttpMethod.Get, "/v1/models", issuer.Token());
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static Task<AccessBench> StartAsync(Issuer issuer, params (string Name, string? Value)[] settings) => AccessBench.StartAsync(
        new Script().Text("a").Finish().Done(),
        [("Sluice:Access:Jwt:Authority", issuer.Address), ("Sluice:Access:Jwt:Audience", Issuer.Audience), ("Sluice:Access:Jwt:RequireHttps", "false"), .. settings]);
}
