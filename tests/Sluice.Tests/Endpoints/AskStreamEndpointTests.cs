using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Sluice.Chat;
using Sluice.Tests.Support;

namespace Sluice.Tests.Endpoints;

public sealed partial class AskStreamEndpointTests
{
    [Fact]
    public async Task Get_Answer_IsTheseBytes()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("你好").Finish().Usage().Done());
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=hi", "Connection: close\r\nX-Request-Id: mine\r\n");
        var seen = await client.ReadToEndAsync();
        var id = StreamIds().Match(seen).Value;
        var (head, body) = (seen[..seen.IndexOf("\r\n\r\n", StringComparison.Ordinal)], seen[(seen.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        Assert.Equal(
            ["Cache-Control: no-cache, no-store, no-transform", "Connection: close", "Content-Type: text/event-stream; charset=utf-8", "Date: *", "HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "X-Accel-Buffering: no", "X-Request-Id: mine", $"X-Sluice-Stream-Id: {id}"],
            head.Split("\r\n").Select(line => line.StartsWith("Date:", StringComparison.Ordinal) ? "Date: *" : line).Order(StringComparer.Ordinal));
        Assert.EndsWith("\r\n0\r\n\r\n", body, StringComparison.Ordinal);
        Assert.Equal(
            $$"""
            id: {{id}}.1
            data: {"type":"start","stream_id":"{{id}}","model":"scripted","question":"hi"}

            id: {{id}}.2
            data: {"type":"delta","content":"你好"}

            id: {{id}}.3
            data: {"type":"end","answer":"你好","finish_reason":"stop","usage":{"prompt_tokens":3,"completion_tokens":4},"model":"m-1","ttft_ms":0,"attempts":1}


            """.ReplaceLineEndings("\n"), Dechunked(body));
    }

    [Fact]
    public async Task Post_Answer_IsTheSame()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Text("a").Finish().Done());
        var response = await host.Client.PostAsync("/ask/stream", Json("""{"question":"q","model":"scripted/x","temperature":0.5}"""), TestContext.Current.CancellationToken);
        Assert.Equal(["start", "delta", "end"], EventText.Types(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal("""{"stream":true,"messages":[{"role":"user","content":"q"}],"model":"scripted/x","temperature":0.5}""", Encoding.UTF8.GetString(host.Script.Request!.Body.Span));
        Assert.Equal("x", host.Script.Request.Model);
    }

    [Theory]
    [InlineData("prompt=a", "a")]
    [InlineData("question=b", "b")]
    [InlineData("prompt=a&question=b", "a")]
    [InlineData("prompt=%E4%BD%A0+%26%20%22", "你 & \\\"")]
    [InlineData("prompt=a&on_disconnect=detach", "a")]
    [InlineData("prompt=a&on_disconnect=cancel&model=scripted", "a")]
    public async Task Get_Query_IsTheQuestion(string query, string question)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        var body = await host.Client.GetStringAsync($"/ask/stream?{query}", TestContext.Current.CancellationToken);
        Assert.Contains($"\"question\":\"{question}\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("prompt=")]
    [InlineData("prompt=%20%0A")]
    [InlineData("prompt=a&prompt=b")]
    [InlineData("prompt=a&model=x&model=y")]
    [InlineData("prompt=a&on_disconnect=maybe")]
    public async Task Get_BadQuery_Is400(string query)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await ErrorIsAsync(await host.Client.GetAsync($"/ask/stream?{query}", TestContext.Current.CancellationToken), 400, "invalid_request");
        Assert.Equal(0, host.Script.Calls);
    }

    [Fact]
    public async Task Get_UnknownModel_Is404()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await ErrorIsAsync(await host.Client.GetAsync("/ask/stream?prompt=a&model=nope", TestContext.Current.CancellationToken), 404, "model_not_found");
    }

    [Fact]
    public async Task Get_UpstreamRefuses_Is200AndAnErrorEventAndACleanEnd()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Fail(new ChatProviderException(ChatErrorKind.RateLimited, "busy")), ("Sluice:Retry:Retries", "0"));
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=a", "Connection: close\r\n");
        var seen = await client.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("""data: {"type":"error","code":"rate_limited","message":"busy","retryable":true,"answer":""}""", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n0\r\n\r\n", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("POST", true)]
    public async Task Any_CrossSite_Is403(string method, bool hasBody)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(new HttpMethod(method), "/ask/stream?prompt=a");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");
        request.Content = hasBody && method == "POST" ? Json("""{"prompt":"a"}""") : null;
        await ErrorIsAsync(await host.Client.SendAsync(request, TestContext.Current.CancellationToken), 403, "cross_site");
        Assert.Equal(0, host.Script.Calls);
    }

    [Theory]
    [InlineData("same-origin")]
    [InlineData("same-site")]
    [InlineData("none")]
    public async Task Get_NotCrossSite_IsAnswered(string site)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=a");
        request.Headers.Add("Sec-Fetch-Site", site);
        Assert.Equal(HttpStatusCode.OK, (await host.Client.SendAsync(request, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Get_BadOnDisconnectHeader_Is400()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=a");
        request.Headers.Add("X-Sluice-On-Disconnect", "stay");
        await ErrorIsAsync(await host.Client.SendAsync(request, TestContext.Current.CancellationToken), 400, "invalid_request");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("*/*", true)]
    [InlineData("text/event-stream", true)]
    [InlineData("text/*", true)]
    [InlineData("application/json, text/event-stream;q=0.5", true)]
    [InlineData("application/json", false)]
    [InlineData("text/html", false)]
    public async Task Get_WhileDraining_TellsWhenToComeBack(string? accept, bool takesEvents)
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await host.Hub.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ask/stream?prompt=a");
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        if (takesEvents)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            Assert.Matches("^retry: (1\\d{3}|2\\d{3}|3000)\n$", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
        else
        {
            await ErrorIsAsync(response, 503, "server_stopping");
            Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
        }
    }

    [Fact]
    public async Task Post_WhileDraining_Is503()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Done());
        await host.Hub.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/ask/stream") { Content = Json("""{"prompt":"a"}""") };
        request.Headers.Add("Accept", "text/event-stream");
        var response = await host.Client.SendAsync(request, TestContext.Current.CancellationToken);
        await ErrorIsAsync(response, 503, "server_stopping");
        Assert.Equal("1", response.Headers.GetValues("Retry-After").Single());
    }

    [Fact]
    public async Task Get_HeadersAndStart_LeaveBeforeTheModelSaysAnything()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Hang());
        using var client = await RawClient.ConnectAsync(host);
        await client.GetAsync("/ask/stream?prompt=a");
        await client.ReadUntilAsync("\"type\":\"start\"");
        Assert.Contains(".1\n", client.Seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ASecondQuestionOnTheSameConnection_IsAnsweredToo()
    {
        await using var host = await SluiceHost.StartAsync(new Script().Hop().Text("a").Finish().Done());
        using var client = await RawClient.ConnectAsync(host);
        await client.SendAsync("GET /ask/stream?prompt=a HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ask/stream?prompt=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        var seen = await client.ReadToEndAsync();
        Assert.Equal(2, seen.Split("\r\n0\r\n\r\n").Length - 1);
        Assert.Equal(2, StreamIds().Matches(seen).Select(id => id.Value).Distinct(StringComparer.Ordinal).Count());
        await Within.UntilAsync(() => host.Hub.Active == 0);
    }

    internal static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    internal static async Task ErrorIsAsync(HttpResponseMessage response, int status, string code)
    {
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        using var document = System.Text.Json.JsonDocument.Parse(body);
        var error = document.RootElement.GetProperty("error");
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.Equal(["message", "type", "code", "param"], error.EnumerateObject().Select(field => field.Name));
    }

    internal static string Dechunked(string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body).AsSpan();
        var all = new MemoryStream();
        while (true)
        {
            var line = bytes.IndexOf("\r\n"u8);
            var size = Convert.ToInt32(Encoding.ASCII.GetString(bytes[..line]), 16);
            if (size == 0)
            {
                return Encoding.UTF8.GetString(all.ToArray());
            }

            all.Write(bytes.Slice(line + 2, size));
            bytes = bytes[(line + 2 + size + 2)..];
        }
    }

    [GeneratedRegex("st_[A-Za-z0-9_-]{22}", RegexOptions.NonBacktracking)]
    private static partial Regex StreamIds();
}
