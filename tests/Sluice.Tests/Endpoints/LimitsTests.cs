using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sluice.Limits;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

/// <summary>Limits as clients meet them.</summary>
public sealed class LimitsTests
{
    private const string Chat = "/v1/chat/completions";
    private const string Streamed = """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""";
    private const string Whole = """{"messages":[{"role":"user","content":"hi"}]}""";

    public static TheoryData<string, string> Posts => new()
    {
        { "/ask/stream", """{"prompt":"hi"}""" },
        { Chat, Streamed },
        { Chat, Whole },
    };

    [Fact]
    public async Task NoLimits_NoHeaders()
    {
        await using var host = await SluiceHost.StartAsync(Answer());
        using var response = await PostAsync(host, Chat, Streamed);
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-ratelimit", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Post_ShowsWhatIsLeft_AndIsRefusedWith429(string path, string body)
    {
        await using var host = await StartAsync(Answer(), ("Sluice:Limits:Callers:RequestsPerMinute", "2"), ("Sluice:Limits:Callers:TokensPerMinute", "100000"));
        using var first = await PostAsync(host, path, body);
        Assert.Equal(("2", "1", "30s"), (Header(first, "x-ratelimit-limit-requests"), Header(first, "x-ratelimit-remaining-requests"), Header(first, "x-ratelimit-reset-requests")));
        Assert.Equal("100000", Header(first, "x-ratelimit-limit-tokens"));
        using var second = await PostAsync(host, path, body);
        Assert.Equal(("0", "1m0s"), (Header(second, "x-ratelimit-remaining-requests"), Header(second, "x-ratelimit-reset-requests")));
        using var third = await PostAsync(host, path, body);
        Assert.Equal((HttpStatusCode.TooManyRequests, "30"), (third.StatusCode, Header(third, "Retry-After")));
        Assert.Equal(("2", "0"), (Header(third, "x-ratelimit-limit-requests"), Header(third, "x-ratelimit-remaining-requests")));
        Assert.Equal(
            """{"error":{"message":"Reached: your limit of 2 requests per minute. Ask again in 30 s.","type":"rate_limit_error","code":"rate_limit_exceeded","param":null}}""",
            await StreamResumeTests.TextAsync(third));
        using var other = await PostAsync(host, path, body, "b");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        host.Time.Advance(TimeSpan.FromSeconds(30));
        using var later = await PostAsync(host, path, body);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Post_BudgetSpent_Is429_AndNotToBeRepeated(string path, string body)
    {
        await using var host = await StartAsync(Answer(), ("Sluice:Limits:Callers:TokensPerDay", "7"));
        using var first = await PostAsync(host, path, body);
        await StreamResumeTests.TextAsync(first);
        using var second = await PostAsync(host, path, body);
        Assert.Equal((HttpStatusCode.TooManyRequests, "false"), (second.StatusCode, Header(second, "x-should-retry")));
        Assert.Contains("\"insufficient_quota\"", await StreamResumeTests.TextAsync(second), StringComparison.Ordinal);
        Assert.NotNull(second.Headers.RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task Answer_OneAfterTheOther_NeverFindsItsOwnPlaceTaken(string path, string body)
    {
        await using var host = await StartAsync(Answer(), ("Sluice:Limits:Callers:ConcurrentStreams", "1"), ("Sluice:Limits:Callers:TokensPerMinute", "1000000"), ("Sluice:Limits:ExpectedAnswerTokens", "900000"));
        for (var i = 0; i < 50; i++)
        {
            using var response = await PostAsync(host, path, body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            await StreamResumeTests.TextAsync(response);
        }
    }

    [Fact]
    public async Task EventSource_OverTheLimit_IsToldWhenToComeBack()
    {
        await using var host = await StartAsync(Answer(), ("Sluice:Limits:Callers:RequestsPerMinute", "1"));
        await GetAsync(host, "/ask/stream?prompt=q");
        var refused = await GetAsync(host, "/ask/stream?prompt=q");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", refused, StringComparison.Ordinal);
        Assert.Contains("x-ratelimit-remaining-requests: 0\r\n", refused, StringComparison.Ordinal);
        var retry = int.Parse(refused[(refused.IndexOf("retry: ", StringComparison.Ordinal) + 7)..].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(retry, 61_000, 63_000);
        Assert.DoesNotContain("data:", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EventSource_BudgetSpent_GetsATerminal_AndThen204()
    {
        await using var host = await StartAsync(Answer(), ("Sluice:Limits:Callers:TokensPerMonth", "7"));
        await GetAsync(host, "/ask/stream?prompt=q");
        var refused = await GetAsync(host, "/ask/stream?prompt=q");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", refused, StringComparison.Ordinal);
        Assert.Contains("id: st_lost.end\ndata: {\"type\":\"error\",\"code\":\"insufficient_quota\",\"message\":\"Spent: your budget of 7 tokens a month.", refused, StringComparison.Ordinal);
        Assert.Contains("\"retryable\":false,\"answer\":\"\"}\n\n", refused, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 204", await GetAsync(host, "/ask/stream?prompt=q", "Last-Event-ID: st_lost.end\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 429", await GetAsync(host, "/ask/stream?prompt=q", "Accept: application/json\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Joined_AndReadAgain_TakesNothing()
    {
        var gate = Script.New();
        await using var host = await StartAsync(
            new Script().Text("a").Hop().Wait(gate.Task).Finish().Usage().Done(), ("Sluice:Limits:Callers:RequestsPerMinute", "1"), ("Sluice:Limits:Callers:ConcurrentStreams", "1"));
        var posts = Enumerable.Range(0, 5).Select(_ => PostAsync(host, Chat, Streamed, key: "k")).ToList();
        await host.Script.Asked.Soon();
        gate.SetResult();
        var answers = await Task.WhenAll((await Task.WhenAll(posts).Soon()).Select(StreamResumeTests.TextAsync)).Soon();
        Assert.All(answers, answer => Assert.Contains("[DONE]", answer, StringComparison.Ordinal));
        using var again = await PostAsync(host, Chat, Streamed, key: "k");
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        using var events = await host.Client.GetAsync($"/v1/streams/{StreamResumeTests.Id(answers[0])}/events", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, events.StatusCode);
        Assert.Equal(1, host.Script.Calls);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("detach")]
    public async Task ClientKilled_ThePlaceIsHeldUntilTheGenerationEnds(string onDisconnect)
    {
        var gate = Script.New();
        await using var host = await StartAsync(new Script().Text("a").Hop().Wait(gate.Task).Finish().Usage().Done(), ("Sluice:Limits:Callers:ConcurrentStreams", "1"));
        var admission = host.Services.GetRequiredService<Admission>();
        using (var client = await RawClient.ConnectAsync(host))
        {
            await client.GetAsync($"/ask/stream?prompt=q&on_disconnect={onDisconnect}", "X-Caller: a\r\n");
            await client.ReadUntilAsync("\"a\"");
            Assert.Equal(1, admission.Active("caller:a"));
            client.Reset();
        }

        if (onDisconnect == "detach")
        {
            await Within.UntilAsync(() => host.Hub.Active == 1);
            using var refused = await PostAsync(host, Chat, Whole);
            Assert.Equal((HttpStatusCode.TooManyRequests, "1"), (refused.StatusCode, Header(refused, "Retry-After")));
            gate.SetResult();
        }

        await Within.UntilAsync(() => admission.Active("caller:a") == 0);
        Assert.Equal(0, admission.Busy);
    }

    [Fact]
    public async Task Refused_TakesNothing()
    {
        await using var host = await StartAsync(Answer(), ("Sluice:Limits:Callers:RequestsPerMinute", "5"));
        foreach (var body in new[] { "{", "[]", """{"api_key":"x"}""", """{"model":"nobody/has"}""" })
        {
            using var refused = await PostAsync(host, Chat, body);
            Assert.InRange((int)refused.StatusCode, 400, 404);
        }

        using var response = await PostAsync(host, Chat, Streamed);
        Assert.Equal("4", Header(response, "x-ratelimit-remaining-requests"));
    }

    [Fact]
    public async Task ProviderRefuses_TheTokensAreGivenBack()
    {
        await using var host = await StartAsync(
            new Script().Fail(new Sluice.Chat.ChatProviderException(Sluice.Chat.ChatErrorKind.InvalidRequest, "no")), ("Sluice:Limits:Callers:TokensPerMinute", "1001"));
        for (var i = 0; i < 3; i++)
        {
            using var response = await PostAsync(host, Chat, Streamed);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        }

        Assert.Equal(0, host.Services.GetRequiredService<Admission>().Active("caller:a"));
    }

    [Fact]
    public async Task Reload_ComesIntoForce_AndWhatRunsGoesOn()
    {
        var gate = Script.New();
        await using var host = await StartAsync(new Script().Text("a").Hop().Wait(gate.Task).Finish().Usage().Done());
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=q", "X-Caller: a\r\nConnection: close\r\n");
        await client.ReadUntilAsync("\"a\"");
        host.Configuration["Sluice:Limits:Callers:ConcurrentStreams"] = "1";
        host.Configuration.Reload();
        using var refused = await PostAsync(host, Chat, Whole);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        gate.SetResult();
        Assert.Contains("\"type\":\"end\"", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", "chat")]
    [InlineData("scripted/hidden", "other")]
    public async Task Refusal_IsOneLineInTheLog_WithoutTheQuestion(string model, string label)
    {
        await using var host = await StartAsync(
            Answer(), ("Sluice:Limits:Callers:RequestsPerMinute", "1"), ("Sluice:Models:chat:Targets:0:Provider", "scripted"), ("Sluice:Models:chat:Targets:0:Model", "m"));
        var body = $$"""{"stream":true,"model":"{{model}}","messages":[{"role":"user","content":"secret"}]}""";
        using var first = await PostAsync(host, Chat, body);
        using var second = await PostAsync(host, Chat, body);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        var line = Assert.Single(host.Log, record => record.Id.Name == "LimitRefused");
        Assert.Equal(
            (LogLevel.Information, $"Refused: the limit requests of the caller is reached, model {label}; request {Header(second, "X-Request-Id")}, key (null)"), (line.Level, line.Message));
        Assert.DoesNotContain(host.Log, record => record.Message.Contains("secret", StringComparison.Ordinal));
    }

    private static Script Answer() => new Script().Text("a").Finish().Usage().Completion("""{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}""").Done();

    private static Task<SluiceHost> StartAsync(Script script, params (string, string?)[] settings) => SluiceHost.StartAsync(script, CallerHeader.Use, settings);

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? Assert.Single(values) : null;

    private static async Task<HttpResponseMessage> PostAsync(SluiceHost host, string path, string body, string caller = "a", string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body) };
        request.Headers.Add(CallerHeader.Name, caller);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken).Soon();
    }

    private static async Task<string> GetAsync(SluiceHost host, string path, string headers = "")
    {
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync(path, $"X-Caller: a\r\nConnection: close\r\n{headers}");
        return await client.ReadToEndAsync();
    }
}
