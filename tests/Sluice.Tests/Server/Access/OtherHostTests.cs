using System.Net;
using System.Net.Sockets;
using System.Text;
using Sluice.Tests.Providers;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Access;

/// <summary>Sixty ways to make the server call, or tell its key to, a host that its configuration does not name. The canary listens there, and nobody ever comes.</summary>
public sealed class OtherHostTests
{
    private const string Canary = "CANARY";
    private const string UpstreamKey = "upstream-key-that-nobody-sees";

    // In a body: fields that some gateway or SDK takes for an address, in every disguise that JSON has.
    private static readonly string[] Bodies =
    [
        .. ((string[])["base_url", "api_base", "api_key", "extra_headers", "baseUrl", "BASE_URL", "base-url", "endpoint", "url", "host", "proxy", "webhook", "callback_url", "azure_endpoint", "organization"])
            .Select(name => $$"""{"messages":[],"{{name}}":"{{Canary}}"}"""),
        """{"messages":[],"base\u005furl":"CANARY"}""",
        """{"messages":[],"\u0062ase_url":"CANARY"}""",
        """{"messages":[],"model":"chat","model":"CANARY"}""",
        """{"model":"CANARY","messages":[]}""",
        """{"model":"up/CANARY","messages":[]}""",
        """{"model":"up/../../CANARY","messages":[]}""",
        """{"model":"up/@CANARY","messages":[]}""",
        """{"model":"up/m\r\nHost: CANARY","messages":[]}""",
        """{"model":"CANARY/v1/chat","messages":[]}""",
        """{"messages":[],"extra_body":{"base_url":"CANARY"}}""",
        """{"messages":[],"extra_query":{"base_url":"CANARY"}}""",
        """{"messages":[],"metadata":{"base_url":"CANARY"}}""",
        """{"messages":[],"fallbacks":[{"api_base":"CANARY"}]}""",
        """{"messages":[],"provider":{"base_url":"CANARY"}}""",
        """{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"CANARY/a.png"}}]}]}""",
        """{"messages":[{"role":"user","content":[{"type":"file","file":{"url":"CANARY/a.pdf"}}]}]}""",
        """{"messages":[],"tools":[{"type":"mcp","server_url":"CANARY"}]}""",
        """{"messages":[],"response_format":{"type":"json_schema","json_schema":{"schema":{"$ref":"CANARY/s.json"}}}}""",
    ];

    private static readonly string[] Headers =
    [
        .. ((string[])["X-Forwarded-Host", "X-Forwarded-Server", "X-Original-Host", "X-Host", "Forwarded", "X-Base-Url", "X-Api-Base", "X-Upstream", "X-Target", "X-Proxy-Host", "X-Rewrite-Url", "X-Original-Url",
            "Destination", "Referer", "Origin", "OpenAI-Organization", "X-BELLA-TRACE-ID", "Last-Event-ID"]).Select(name => $"{name}: {Canary}"),
        $"Host: {Canary}",
        $"Connection: close, X-Base-Url\r\nX-Base-Url: {Canary}",
    ];

    private static readonly string[] Queries =
    [
        $"base_url={Canary}", $"api_base={Canary}", $"url={Canary}", $"model={Canary}", $"model=up/{Canary}", $"model=chat&model={Canary}", $"model=up%2F%40{Canary}", $"model=up/m%0d%0aHost:%20{Canary}",
    ];

    [Fact]
    public void Attempts_AreSixtyAtLeast() => Assert.True(Bodies.Length + Headers.Length + Queries.Length >= 60, $"{Bodies.Length} + {Headers.Length} + {Queries.Length}");

    [Fact]
    public async Task Canary_IsNeverCalled()
    {
        var canary = new TcpListener(IPAddress.Loopback, 0);
        canary.Start();
        var called = canary.AcceptSocketAsync(TestContext.Current.CancellationToken).AsTask();
        var port = ((IPEndPoint)canary.LocalEndpoint).Port;
        var address = $"http://127.0.0.1:{port}";
        await using var upstream = ScriptedUpstream.Answering(HttpReply.Json(400, """{"error":{"message":"no"}}"""));
        await using var host = await SluiceHost.StartAsync(
            new Script().Finish().Done(),
            ("Sluice:Providers:up:Type", "openai"), ("Sluice:Providers:up:BaseUrl", upstream.BaseUrl.ToString()), ("Sluice:Providers:up:ApiKey", UpstreamKey), ("Sluice:Providers:up:Model", "m"),
            ("Sluice:Models:chat:Targets:0:Provider", "up"), ("Sluice:DefaultModel", "chat"), ("Sluice:Retry:Retries", "0"));
        string[] attempts =
        [
            .. Bodies.Select(body => Post(body.Replace(Canary, address, StringComparison.Ordinal), "")),
            .. Headers.Select(header => Post("""{"messages":[]}""", header.Replace(Canary, header.StartsWith("Host", StringComparison.Ordinal) ? $"127.0.0.1:{port}" : address, StringComparison.Ordinal) + "\r\n")),
            .. Queries.Select(query => $"GET /ask/stream?prompt=q&{query.Replace(Canary, Uri.EscapeDataString(address), StringComparison.Ordinal)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),

            // The address as the request's own: what a proxy would follow.
            $"GET {address}/v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            $"CONNECT 127.0.0.1:{port} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            $"GET //127.0.0.1:{port}/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        ];
        foreach (var attempt in attempts)
        {
            using var client = await RawClient.ConnectAsync(host);
            await client.SendAsync(attempt);
            await client.ReadToItsEndAsync();
            Assert.DoesNotContain(UpstreamKey, client.Seen, StringComparison.Ordinal);
            Assert.DoesNotContain(" 500 ", client.Seen.Split('\r')[0], StringComparison.Ordinal);
        }

        Assert.False(called.IsCompleted, "The canary was called.");
        Assert.NotEqual(0, upstream.Connections);
        Assert.DoesNotContain(host.Log, record => record.ToString().Contains(UpstreamKey, StringComparison.Ordinal));
        canary.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => called);
    }

    private static string Post(string body, string header) =>
        $"POST /v1/chat/completions HTTP/1.1\r\n{(header.StartsWith("Host:", StringComparison.Ordinal) ? "" : "Host: localhost\r\n")}{header}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{(header.StartsWith("Connection", StringComparison.Ordinal) ? "" : "Connection: close\r\n")}\r\n{body}";
}
