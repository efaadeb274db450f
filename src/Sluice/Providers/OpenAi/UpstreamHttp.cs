using System.Net;
using System.Net.Http.Headers;
using Sluice.Chat;

namespace Sluice.Providers.OpenAi;

/// <summary>One upstream's HTTP: a connection pool of its own, and failures in Sluice's words.</summary>
internal sealed class UpstreamHttp : IDisposable
{
    private const int HttpWindowBytes = 64 * 1024;

    private readonly HttpClient _http;

    public UpstreamHttp(TimeSpan connectTimeout)
    {
        // Each setting answers a trap that was measured: docs/decisions/004-outbound-http.md.
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = connectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            InitialHttp2StreamWindowSize = HttpWindowBytes,
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseHeadersLength = 64,
            ActivityHeadersPropagator = System.Diagnostics.DistributedContextPropagator.Current,
        })
        {
            // It would not cover the body anyway; the pipeline's own limits do.
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>Sends a request and waits for the headers.</summary>
    /// <exception cref="ChatProviderException">No answer came, in a way that the exception names.</exception>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        try
        {
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
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

    /// <summary>The body, decoded where the upstream compressed it although it was asked not to.</summary>
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
