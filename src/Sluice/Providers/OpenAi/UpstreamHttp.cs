using System.IO.Pipelines;
using System.Net.Http.Headers;
using Sluice.Chat;
using Sluice.Diagnostics;
using Sluice.Providers.Http;
using Sluice.Sse;

namespace Sluice.Providers.OpenAi;

/// <summary>One upstream's HTTP: a connection pool of its own, and failures in Sluice's words.</summary>
/// <remarks>How it asks, and why so: docs/decisions/004-outbound-http.md.</remarks>
internal sealed class UpstreamHttp(Uri origin, TimeSpan connectTimeout, TimeProvider time, UpstreamTraffic traffic) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new Http1Handler(origin, connectTimeout, time, traffic));

    /// <summary>Sends a request and waits for the headers.</summary>
    /// <exception cref="ChatProviderException">No answer came, in a way that the exception names.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        try
        {
            return await _http.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ChatProviderException(ChatErrorKind.ConnectTimeout, "The upstream could not be connected to in time (Timeouts:Connect).", e);
        }
        catch (HttpRequestException e)
        {
            throw new ChatProviderException(ChatErrorKind.Connect, $"The upstream cannot be reached: {Describe(e)}", e);
        }
    }

    /// <summary>The body's events as they come.</summary>
    public static async Task<SseReader> OpenEventsAsync(HttpResponseMessage response, SseReaderOptions options, CancellationToken cancellationToken) =>
        response.Content is Http1Content { Body: var raw } && response.Content.Headers.ContentEncoding.Count == 0
            ? new SseReader(raw, options)
            : new SseReader(PipeReader.Create(await OpenBodyAsync(response, cancellationToken)), options);

    /// <summary>The body as it comes, decoded where the upstream compressed it although it was asked not to.</summary>
    public static async Task<Stream> OpenBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        foreach (var encoding in response.Content.Headers.ContentEncoding.Reverse())
        {
            body = encoding.ToUpperInvariant() switch
            {
                "IDENTITY" => body,
                "GZIP" or "X-GZIP" => new System.IO.Compression.GZipStream(body, System.IO.Compression.CompressionMode.Decompress),
                "BR" => new System.IO.Compression.BrotliStream(body, System.IO.Compression.CompressionMode.Decompress),
                "DEFLATE" => new System.IO.Compression.ZLibStream(body, System.IO.Compression.CompressionMode.Decompress),
                _ => throw new ChatProviderException(ChatErrorKind.UnexpectedResponse, "The upstream answered in a content encoding that nobody asked for."),
            };
        }

        return body;
    }

    /// <summary>Reads a whole body, up to a bound.</summary>
    /// <exception cref="ChatProviderException">It is larger, or broke off.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await OpenBodyAsync(response, cancellationToken);
            using var whole = new MemoryStream();
            var buffer = new byte[16 * 1024];
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (whole.Length + read > maxBytes)
                {
                    throw new ChatProviderException(ChatErrorKind.TooLarge, $"The upstream's answer is larger than {maxBytes} bytes.");
                }

                whole.Write(buffer, 0, read);
            }

            return whole.ToArray();
        }
        catch (Exception e) when (IsBreak(e))
        {
            throw new ChatProviderException(ChatErrorKind.Truncated, "The upstream's answer broke off.", e);
        }
    }

    /// <summary>Whether reading a body failed because of what the upstream sent, or stopped sending.</summary>
    /// <remarks>Brotli's decoder says <see cref="InvalidOperationException"/> where others say <see cref="InvalidDataException"/>.</remarks>
    public static bool IsBreak(Exception e) =>
        e is IOException or HttpRequestException or InvalidDataException or (InvalidOperationException and not ObjectDisposedException);

    public void Dispose() => _http.Dispose();

    // The exception's own text may name hosts and addresses; its kind is enough for a client.
    private static string Describe(HttpRequestException e) => e.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "its host name is not known.",
        HttpRequestError.SecureConnectionError => "TLS failed.",
        HttpRequestError.ResponseEnded => "it closed the connection before it answered.",
        HttpRequestError.InvalidResponse => "it answered with something that is not HTTP.",
        HttpRequestError.ConnectionError => "the connection was refused or broke.",
        _ => "the connection broke before it answered.",
    };
}
