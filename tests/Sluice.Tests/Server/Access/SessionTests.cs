using System.Net;
using Sluice.Server.Access;
using Sluice.Tests.Endpoints;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

public sealed class SessionTests
{
    private static Script Answer => new Script().Text("a").Finish().Done();

    [Fact]
    public async Task Login_GivesACookieThatIsWorthTheKey()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        using var response = await LoginAsync(bench, bench.Make("ann"));
        Assert.Equal((HttpStatusCode.SeeOther, "/"), (response.StatusCode, response.Headers.Location!.OriginalString));
        var cookie = Assert.Single(response.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; samesite=strict; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        using var page = await bench.SendAsync(HttpMethod.Get, "/", null, null, ("Cookie", cookie.Split(';')[0]));
        using var asked = await bench.SendAsync(HttpMethod.Get, "/ask/stream?prompt=q", null, null, ("Cookie", cookie.Split(';')[0]));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (page.StatusCode, asked.StatusCode));
        await StreamResumeTests.TextAsync(asked);
        Assert.Equal(bench.Keys["ann"].Id, bench.Host.Script.Request!.Caller.Id);
        using var again = await bench.SendAsync(HttpMethod.Get, "/login", null, null, ("Cookie", cookie.Split(';')[0]));
        Assert.Contains("<strong>ann</strong>", await StreamResumeTests.TextAsync(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndsWithItsKey()
    {
        await using var bench = await AccessBench.StartAsync(new Script().Text("a").Hang());
        var cookie = await CookieAsync(bench, bench.Make("ann"));
        using var client = await RawClient.ConnectAsync(bench.Host);
        await client.GetAsync("/ask/stream?prompt=q", $"Cookie: {cookie}\r\nConnection: close\r\n");
        await client.ReadUntilAsync("\"a\"");
        bench.Revoke("ann");
        bench.PassSecond();
        Assert.Contains("key_revoked", await client.ReadToEndAsync(), StringComparison.Ordinal);
        using var after = await bench.SendAsync(HttpMethod.Get, "/v1/models", null, null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
        Assert.Contains("The session is over.", await StreamResumeTests.TextAsync(after), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndsAfterItsTime()
    {
        await using var bench = await AccessBench.StartAsync(Answer, ("Sluice:Access:SessionLifetime", "00:01:00"));
        var cookie = await CookieAsync(bench, bench.Make("ann"));
        bench.Host.Time.Advance(TimeSpan.FromSeconds(61));
        using var after = await bench.SendAsync(HttpMethod.Get, "/v1/models", null, null, ("Cookie", cookie));
        Assert.Equal(HttpStatusCode.Unauthorized, after.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/ask/stream?prompt=q", null)]
    [InlineData("POST", "/ask/stream", """{"prompt":"q"}""")]
    [InlineData("POST", "/v1/chat/completions", """{"stream":true,"messages":[{"role":"user","content":"q"}]}""")]
    [InlineData("GET", "/v1/streams/{id}/events", null)]
    [InlineData("GET", "/status/events", null)]
    public async Task Session_IsRenewedInItsSecondHalf_ByAnythingButAnEventStream(string method, string path, string? body)
    {
        await using var bench = await AccessBench.StartAsync(Answer, ("Sluice:Access:SessionLifetime", "00:10:00"));
        var key = bench.Make("ann", record => record with { Role = Role.Admin });
        var cookie = await CookieAsync(bench, key);
        using var early = await bench.SendAsync(HttpMethod.Get, "/v1/models", null, null, ("Cookie", cookie));
        Assert.False(early.Headers.Contains("Set-Cookie"));
        bench.Host.Time.Advance(TimeSpan.FromMinutes(6));
        var id = path.Contains("{id}", StringComparison.Ordinal) ? await bench.AskAsync(key) : "";
        using var stream = await bench.SendAsync(new HttpMethod(method), path.Replace("{id}", id, StringComparison.Ordinal), null, body, ("Cookie", cookie));
        Assert.Equal(("text/event-stream", "no-cache, no-store, no-transform"), (stream.Content.Headers.ContentType!.MediaType, string.Join(", ", stream.Headers.NonValidated["Cache-Control"])));
        Assert.False(stream.Headers.Contains("Set-Cookie"));
        using var other = await bench.SendAsync(HttpMethod.Get, "/v1/models", null, null, ("Cookie", cookie));
        Assert.StartsWith("sluice_session=", Assert.Single(other.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http, https", true)]
    [InlineData("http", false)]
    [InlineData("https, http", false)]
    [InlineData(null, false)]
    public async Task Cookie_IsSecureWhereTheProxyOfThisMachineWasAskedByHttps(string? scheme, bool isSecure)
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        using var response = await PostFormAsync(bench, [new("key", bench.Make("ann"))], scheme);
        Assert.Equal(isSecure, response.Headers.GetValues("Set-Cookie").Single().Contains("; secure", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Logout_TakesTheCookieBack()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var cookie = await CookieAsync(bench, bench.Make("ann"));
        using var response = await bench.SendAsync(HttpMethod.Post, "/logout", null, "", ("Cookie", cookie));
        Assert.Equal("/login", response.Headers.Location!.OriginalString);
        Assert.StartsWith("sluice_session=;", Assert.Single(response.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("sk-sluice-")]
    [InlineData("<script>")]
    public async Task Login_WithAKeyThatIsNone_ShowsTheFormAgain(string key)
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        using var response = await LoginAsync(bench, key);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
        var page = await StreamResumeTests.TextAsync(response);
        Assert.Contains("This key is not valid.", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Login_OfWhatIsNoForm_IsNoFailureOfTheServer()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        using var json = await bench.SendAsync(HttpMethod.Post, "/login", null, "{}");
        using var large = await PostFormAsync(bench, [new("key", new string('x', 10_000))]);
        using var many = await PostFormAsync(bench, Enumerable.Range(0, 1500).Select(i => new KeyValuePair<string, string>($"{i}", "")));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (json.StatusCode, large.StatusCode, many.StatusCode));
    }

    [Fact]
    public async Task Browser_OnItsWayToThePage_IsSentToSignIn()
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        using var response = await bench.SendAsync(HttpMethod.Get, "/login", null);
        Assert.Equal(
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        using var raw = await RawClient.ConnectAsync(bench.Host);
        await raw.GetAsync("/", "Sec-Fetch-Mode: navigate\r\nConnection: close\r\n");
        var seen = await raw.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 302", seen, StringComparison.Ordinal);
        Assert.Contains("Location: /login\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "self", HttpStatusCode.OK)]
    [InlineData("X-Other", "x", HttpStatusCode.OK)]
    public async Task Post_WithACookie_IsTakenFromTheOwnPageAlone(string header, string value, HttpStatusCode expected)
    {
        await using var bench = await AccessBench.StartAsync(Answer);
        var cookie = await CookieAsync(bench, bench.Make("ann"));
        var own = value == "self" ? $"http://127.0.0.1:{bench.Host.Port}" : value;
        using var response = await bench.SendAsync(HttpMethod.Post, "/ask/stream", null, """{"prompt":"q"}""", ("Cookie", cookie), (header, own));
        Assert.Equal(expected, response.StatusCode);
    }

    private static async Task<string> CookieAsync(AccessBench bench, string key)
    {
        using var response = await LoginAsync(bench, key);
        return response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static Task<HttpResponseMessage> LoginAsync(AccessBench bench, string key) => PostFormAsync(bench, [new("key", key)]);

    private static async Task<HttpResponseMessage> PostFormAsync(AccessBench bench, IEnumerable<KeyValuePair<string, string>> fields, string? scheme = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = bench.Host.Client.BaseAddress };
        if (scheme is not null)
        {
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        }

        using var form = new FormUrlEncodedContent(fields);
        return await client.PostAsync("/login", form, TestContext.Current.CancellationToken);
    }
}
