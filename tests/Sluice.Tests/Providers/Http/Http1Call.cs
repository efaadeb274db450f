using System.Text;
using Sluice.Providers.Http;
using Sluice.Tests.Support;

namespace Sluice.Tests.Providers.Http;

/// <summary>The client in front of a scripted upstream.</summary>
internal sealed class Http1Call : IDisposable
{
    private readonly HttpMessageInvoker _http;

    public Http1Call(ScriptedUpstream upstream, TimeProvider? time = null)
        : this(new Uri($"http://127.0.0.1:{upstream.Port}"), time)
    {
    }

    public Http1Call(Uri origin, TimeProvider? time = null)
    {
        Origin = origin;
        _http = new HttpMessageInvoker(new Http1Handler(origin, TimeSpan.FromSeconds(5), time ?? TimeProvider.System));
    }

    public Uri Origin { get; }

    /// <summary>Asks, up to the head of the answer.</summary>
    public async Task<HttpResponseMessage> GetAsync(CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Origin, "/path"));
        return await SendAsync(request, cancellationToken);
    }

    /// <summary>Sends a body, up to the head of the answer.</summary>
    public async Task<HttpResponseMessage> PostAsync(ReadOnlyMemory<byte> body, CancellationToken? cancellationToken = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Origin, "/path")) { Content = new ReadOnlyMemoryContent(body) };
        return await SendAsync(request, cancellationToken);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken? cancellationToken = null) =>
        _http.SendAsync(request, cancellationToken ?? TestContext.Current.CancellationToken).Soon();

    /// <summary>Asks, and reads the answer's body to its end.</summary>
    public async Task<string> TextAsync(CancellationToken? cancellationToken = null)
    {
        using var response = await GetAsync(cancellationToken);
        return await TextAsync(response);
    }

    /// <summary>Reads an answer's body to its end.</summary>
    public static async Task<string> TextAsync(HttpResponseMessage response) =>
        Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).Soon());

    public void Dispose() => _http.Dispose();
}
