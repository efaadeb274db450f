using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Sluice.Server.Upstream;
using Sluice.Sse;

namespace Sluice.Tests.Server.Upstream;

/// <summary>The upstream on a free port, and the ways in which tests ask it.</summary>
internal sealed class RunningUpstream : IAsyncDisposable
{
    private readonly UpstreamServer _server;

    private RunningUpstream(UpstreamServer server)
    {
        _server = server;
        Http.BaseAddress = new Uri(server.Address);
    }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, ResponseDrainTimeout = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(90) };

    public Uri Address => Http.BaseAddress!;

    public UpstreamStats Stats => _server.Stats;

    public static async Task<RunningUpstream> StartAsync(UpstreamOptions? options = null) =>
        new(await UpstreamServer.StartAsync(options ?? new(), TimeProvider.System, Token));

    public async Task<HttpResponseMessage> AskAsync(string body, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(body, new MediaTypeHeaderValue("application/json")) };
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken ?? Token);
    }

    public Task<HttpResponseMessage> AskModelAsync(string model) => AskAsync($$"""{"model":"{{model}}","stream":true}""");

    /// <summary>The data of every event.</summary>
    public static async Task<List<string>> EventsAsync(HttpResponseMessage response)
    {
        await using var reader = new SseReader(PipeReader.Create(await response.Content.ReadAsStreamAsync(Token)));
        var events = new List<string>();
        while (await reader.ReadAsync(Token)) events.Add(Encoding.UTF8.GetString(reader.Current.Data.Span));
        return events;
    }

    /// <summary>The joined content of all events that are whole chunks.</summary>
    public static string Text(IEnumerable<string> events)
    {
        var text = new StringBuilder();
        foreach (var data in events)
        {
            try
            {
                using var document = JsonDocument.Parse(data);
                foreach (var choice in document.RootElement.GetProperty("choices").EnumerateArray())
                {
                    if (choice.GetProperty("delta").TryGetProperty("content", out var content)) text.Append(content.GetString());
                }
            }
            catch (Exception error) when (error is JsonException or KeyNotFoundException)
            {
                // What a scenario has put in between.
            }
        }

        return text.ToString();
    }

    /// <summary>Everything that the server sends on a connection of its own, up to its end or reset.</summary>
    public async Task<(string Bytes, bool Reset)> RawAsync(string model)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(Address.Host, Address.Port, Token);
        var body = $$"""{"model":"{{model}}","stream":true}""";
        await socket.SendAsync(Encoding.UTF8.GetBytes($"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"), Token);
        using var received = new MemoryStream();
        var buffer = new byte[8192];
        try
        {
            while (await socket.ReceiveAsync(buffer, Token) is > 0 and var count) received.Write(buffer, 0, count);
            return (Encoding.UTF8.GetString(received.ToArray()), false);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            return (Encoding.UTF8.GetString(received.ToArray()), true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server.DisposeAsync();
    }
}
