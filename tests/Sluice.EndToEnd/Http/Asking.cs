using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Sluice.EndToEnd.Http;

/// <summary>Questions over plain HTTP, without any SDK.</summary>
internal static class Asking
{
    /// <summary>Never takes a connection twice where that would matter, and never waits for a place.</summary>
    public static HttpClient Client { get; } = new(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero, UseProxy = false });

    /// <summary>A request in OpenAI's dialect.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="model">The model.</param>
    /// <param name="fields">More fields, as JSON, each beginning with a comma.</param>
    public static HttpRequestMessage OpenAi(Uri server, string model, string fields = ",\"stream\":true") => new(HttpMethod.Post, new Uri(server, "/v1/chat/completions"))
    {
        Content = new StringContent($$"""{"model":"{{model}}","messages":[{"role":"user","content":"你好"}]{{fields}}}""", Encoding.UTF8, "application/json"),
    };

    /// <summary>A request for Sluice's own events.</summary>
    /// <param name="server">Whom to ask.</param>
    /// <param name="model">The model.</param>
    public static HttpRequestMessage Ask(Uri server, string model)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server, $"/ask/stream?prompt=%E4%BD%A0%E5%A5%BD&on_disconnect=cancel&model={Uri.EscapeDataString(model)}"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        return request;
    }

    /// <summary>Sends, and comes back with the headers.</summary>
    public static Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => SendUntilAsync(request, TestContext.Current.CancellationToken);

    /// <summary>Sends, and comes back with the headers, unless the client leaves before.</summary>
    public static Task<HttpResponseMessage> SendUntilAsync(HttpRequestMessage request, CancellationToken leave) =>
        Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leave);

    /// <summary>Sends, and reads the events to their end.</summary>
    public static async Task<EventBody> EventsAsync(HttpRequestMessage request)
    {
        using var response = await SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        return await EventBody.ReadAsync(response);
    }

    /// <summary>The whole text that a model of the scripted upstream gives, asked of the upstream itself.</summary>
    /// <param name="upstream">The upstream.</param>
    /// <param name="model">The model.</param>
    public static async Task<string> WholeTextAsync(Uri upstream, string model)
    {
        using var response = await SendAsync(OpenAi(upstream, model, ""));
        using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return body.RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }
}
