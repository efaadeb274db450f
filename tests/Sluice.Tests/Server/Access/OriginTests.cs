using System.Net;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class OriginTests
{
    private const string App = "https://app.example.com";

    private static Script Answer => new Script().Text("a").Finish().Done();

    [Theory]
    [InlineData(App, true)]
    [InlineData("https://app.example.com:8443", false)]
    [InlineData("http://app.example.com", false)]
    [InlineData("https://sub.app.example.com", false)]
    [InlineData("null", false)]
    public async Task Cors_IsForTheOriginsThatAreNamed(string origin, bool isAllowed)
    {
        await using var bench = await AccessBench.StartAsync(Answer, ("Sluice:Access:Origins:0", App));
        var key = bench.Make("ann");
        using var preflight = await bench.SendAsync(HttpMethod.Options, "/v1/chat/completions", null, null,
            ("Origin", origin), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "authorization,content-type,idempotency-key"));
        using var asked = await bench.SendAsync(HttpMethod.Get, "/ask/stream?prompt=q", key, null, ("Origin", origin), ("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(isAllowed ? origin : null, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal(isAllowed ? origin : null, Header(asked, "Access-Control-Allow-Origin"));
        Assert.Equal(isAllowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, asked.StatusCode);
        Assert.Null(Header(asked, "Access-Control-Allow-Credentials"));
        if (isAllowed)
        {
            Assert.Contains("X-Sluice-Stream-Id,X-Request-Id,Retry-After,x-ratelimit-", Header(asked, "Access-Control-Expose-Headers"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Refusals_CanBeReadByTheSitesThatMayAsk()
    {
        await using var bench = await AccessBench.StartAsync(Answer, ("Sluice:Access:Origins:0", App));
        using var response = await bench.SendAsync(HttpMethod.Get, "/v1/models", "wrong", null, ("Origin", App));
        Assert.Equal((HttpStatusCode.Unauthorized, App), (response.StatusCode, Header(response, "Access-Control-Allow-Origin")));
    }

    [Fact]
    public async Task Image_OfASiteThatMayAsk_StillMayNot()
    {
        await using var host = await SluiceHost.StartAsync(Answer, ("Sluice:Access:Origins:0", App));
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=q", $"Sec-Fetch-Site: cross-site\r\nReferer: {App}/\r\nConnection: close\r\n");
        Assert.StartsWith("HTTP/1.1 403", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost:5080", true)]
    [InlineData("chat.localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("[::1]:80", true)]
    [InlineData("evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    public async Task Host_OfABrowserWithoutAccess_IsThisMachine(string name, bool isTaken)
    {
        await using var host = await SluiceHost.StartAsync(Answer);
        foreach (var sign in (string[])["Accept-Language: en", "Accept-Language: ", "Origin: http://evil.example", "Sec-Fetch-Site: same-origin", "User-Agent: Mozilla/5.0 (X11)"])
        {
            Assert.Equal(isTaken, await IsTakenAsync(host, name, $"{sign}\r\n"));
        }
    }

    [Theory]
    [InlineData("sluice", true)]
    [InlineData("chat.example.com", true)]
    [InlineData("", false)]
    public async Task Host_OfAProgramWithoutAccess_IsAny(string name, bool isTaken)
    {
        await using var host = await SluiceHost.StartAsync(Answer);
        Assert.Equal(isTaken, await IsTakenAsync(host, name, "User-Agent: curl/8\r\n"));
    }

    [Fact]
    public async Task Host_WhereSomethingInFrontAsksWhoComes_IsAny()
    {
        await using var host = await SluiceHost.StartAsync(Answer, ("Sluice:Access:AllowAnonymous", "true"));
        Assert.True(await IsTakenAsync(host, "chat.example.com", "Accept-Language: en\r\n"));
    }

    [Theory]
    [InlineData("chat.example.com", true)]
    [InlineData("CHAT.example.com:8443", true)]
    [InlineData("localhost", false)]
    [InlineData("chat.example.com.evil.example", false)]
    public async Task Host_WhereNamed_IsOneOfThese(string name, bool isTaken)
    {
        await using var host = await SluiceHost.StartAsync(Answer, ("Sluice:Access:Hosts:0", "chat.example.com"));
        Assert.Equal(isTaken, await IsTakenAsync(host, name));
    }

    [Theory]
    [InlineData("", "192.0.2.7:8080")]
    [InlineData("chat.example.com", "192.0.2.7:8080")]
    [InlineData("chat.example.com", "")]
    public async Task Host_OfAProbe_IsAny(string named, string name)
    {
        await using var host = await SluiceHost.StartAsync(Answer, named.Length == 0 ? [] : [("Sluice:Access:Hosts:0", named)]);
        foreach (var path in (string[])["/healthz", "/readyz"])
        {
            Assert.StartsWith("HTTP/1.1 200", await SeenAsync(host, path, name, "User-Agent: Mozilla/5.0\r\n"), StringComparison.Ordinal);
        }

        Assert.StartsWith("HTTP/1.1 400", await SeenAsync(host, "/v1/models", name, "User-Agent: Mozilla/5.0\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Access:Hosts:0", "chat.example.com", "evil.example")]
    [InlineData("Access:AllowAnonymous", "false", "evil.example")]
    [InlineData("Access:AllowAnonymous", "true", "")]
    public async Task Refusal_OfAHost_CarriesTheRequestsId(string setting, string value, string name)
    {
        await using var host = await SluiceHost.StartAsync(Answer, ($"Sluice:{setting}", value));
        var seen = await SeenAsync(host, "/v1/models", name, "Accept-Language: en\r\nX-Request-Id: mine-1\r\n");
        Assert.Contains("unknown_host", seen, StringComparison.Ordinal);
        Assert.Contains("X-Request-Id: mine-1\r\n", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_WhereAnyIsNamed_IsAny()
    {
        await using var host = await SluiceHost.StartAsync(Answer, ("Sluice:Access:Hosts:0", "*"));
        Assert.True(await IsTakenAsync(host, "chat.example.com", "Accept-Language: en\r\n"));
    }

    private static async Task<bool> IsTakenAsync(SluiceHost host, string name, string headers = "")
    {
        var seen = await SeenAsync(host, "/v1/models", name, headers);
        Assert.True(seen.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) || (seen.StartsWith("HTTP/1.1 400", StringComparison.Ordinal) && seen.Contains("unknown_host", StringComparison.Ordinal)), seen);
        return seen.StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
    }

    private static async Task<string> SeenAsync(SluiceHost host, string path, string name, string headers)
    {
        using var client = await RawClient.ConnectAsync(host);
        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: {name}\r\n{headers}Connection: close\r\n\r\n");
        return await client.ReadToEndAsync();
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join(',', values) : null;
}
