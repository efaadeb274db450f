using System.Net;
using System.Text;
using System.Text.Json;
using Sluice.EndToEnd.Http;
using Sluice.EndToEnd.Processes;

namespace Sluice.EndToEnd.Deploy;

/// <summary>The server behind nginx and behind Caddy, set up with the files that <c>deploy/</c> has for them: as without.</summary>
public abstract class ReverseProxyTests : IAsyncLifetime
{
    private static readonly HttpClient s_client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        SslOptions = { RemoteCertificateValidationCallback = static (_, certificate, _, _) => certificate?.Subject == LoopbackCertificate.Subject },
    });

    private readonly Gateway _gateway;
    private ReverseProxy? _proxy;

    protected ReverseProxyTests(Gateway gateway) => _gateway = gateway;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ReverseProxy Proxy => _proxy!;

    public async ValueTask InitializeAsync() => _proxy = await StartAsync(_gateway.Server.Address);

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract Task<ReverseProxy> StartAsync(Uri server);

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task WholeAnswer_IsTheSameInBothDialects(string version)
    {
        var text = await Asking.WholeTextAsync(_gateway.Upstream.Address, "sim-300-0");

        var native = await EventsAsync(Asking.Ask(Proxy.Address, "up/sim-300-0"), version);
        Assert.Equal(text, native.Text);
        Assert.Equal("end", native.Types.Last());

        var openAi = await EventsAsync(Asking.OpenAi(Proxy.Address, "up/sim-300-0"), version);
        Assert.Equal("[DONE]", openAi.Data[^1]);
        Assert.False(openAi.IsCut);
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Tokens_ArriveWhileTheAnswerRuns(string version)
    {
        // It falls silent after 40 of 60 tokens: whoever waits for the end to send anything sends nothing.
        using var response = await SendAsync(Asking.Ask(Proxy.Address, "up/sim-60-0-stall"), version);
        Assert.Equal(200, (int)response.StatusCode);
        await using var stream = await response.Content.ReadAsStreamAsync(Token);
        using var reader = new StreamReader(stream);
        for (var deltas = 0; deltas < 40;)
        {
            var line = await reader.ReadLineAsync(Token);
            Assert.NotNull(line);
            deltas += line.Contains("\"delta\"", StringComparison.Ordinal) ? 1 : 0;
        }

        var id = response.Headers.GetValues("X-Sluice-Stream-Id").Single();
        using var snapshot = JsonDocument.Parse(await s_client.GetStringAsync(new Uri(Proxy.Address, $"/v1/streams/{id}"), Token));
        Assert.Equal("running", snapshot.RootElement.GetProperty("state").GetString());
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task BrokenAnswer_EndsUncleanInOpenAisDialect(string version)
    {
        var answer = await EventsAsync(Asking.OpenAi(Proxy.Address, "up/sim-60-0-cut-fin"), version);
        Assert.DoesNotContain("[DONE]", answer.Data);
        if (version == "1.1")
        {
            // Over HTTP/2 nginx drops what it has not sent yet when it resets the stream: there the reset alone tells of the failure.
            Assert.Equal("upstream_truncated", answer.Json[^1].GetProperty("error").GetProperty("code").GetString());
        }

        Assert.SkipUnless(Proxy.PassesCuts, "This version of the proxy ends an answer that was cut as if it were whole: https://github.com/caddyserver/caddy/issues/5951");
        Assert.True(answer.IsCut);
    }

    [Fact]
    public async Task ClientComesBackWithItsCursor_GetsWhatItMissedAndThenNothing()
    {
        var whole = await EventsAsync(Asking.Ask(Proxy.Address, "up/sim-60-0"), "1.1");
        var id = whole.Json[0].GetProperty("stream_id").GetString();
        using var again = Asking.Ask(Proxy.Address, "up/sim-60-0");
        again.Headers.Add("Last-Event-ID", $"{id}.30");
        var rest = await EventsAsync(again, "2.0");
        Assert.Equal(whole.Data.Skip(30), rest.Data);

        using var over = Asking.Ask(Proxy.Address, "up/sim-60-0");
        over.Headers.Add("Last-Event-ID", $"{id}.end");
        using var response = await SendAsync(over, "2.0");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task Browser_IsAnsweredUnderTheNameThatTheProxyPassesOn()
    {
        using var request = Asking.Ask(Proxy.Address, "up/sim-60-0");
        Assert.Equal("localhost", request.RequestUri!.Host);
        request.Headers.Add("Accept-Language", "en");
        request.Headers.Add("User-Agent", "Mozilla/5.0");
        Assert.Equal("end", (await EventsAsync(request, "2.0")).Types.Last());
    }

    [Fact]
    public async Task LargeQuestion_Passes()
    {
        using var request = Asking.OpenAi(Proxy.Address, "up/sim-60-0");
        request.Content = new StringContent($$"""{"model":"up/sim-60-0","stream":true,"messages":[{"role":"user","content":"{{new string('x', 20_000_000)}}"}]}""", Encoding.UTF8, "application/json");
        Assert.Equal("[DONE]", (await EventsAsync(request, "1.1")).Data[^1]);
    }

    private static Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string version)
    {
        request.Version = Version.Parse(version);
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        return s_client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
    }

    private static async Task<EventBody> EventsAsync(HttpRequestMessage request, string version)
    {
        using var response = await SendAsync(request, version);
        Assert.Equal(200, (int)response.StatusCode);
        return await EventBody.ReadAsync(response);
    }
}
