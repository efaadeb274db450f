using System.Diagnostics;
using System.Net;
using Sluice.Diagnostics;

namespace Sluice.Providers.Http;

/// <summary>Asks one upstream over HTTP/1.1 (RFC 9112), made for answers that stream for a long time.</summary>
/// <remarks>
/// It stands where <see cref="SocketsHttpHandler"/> would, and does less: one origin, no redirects, no cookies, no proxy, no decompression, no HTTP/2.
/// In exchange a read of a body is one wait on the socket, into the buffer that the consumer then reads: docs/decisions/004-outbound-http.md.
/// A request is sent once: what fails is for the caller to ask again, or not.
/// </remarks>
internal sealed class Http1Handler(Uri origin, TimeSpan connectTimeout, TimeProvider time, UpstreamTraffic? traffic = null) : HttpMessageHandler
{
    private readonly Http1Pool _pool = new(origin, connectTimeout, time, traffic);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Propagate(request);
        var connection = await _pool.RentAsync(cancellationToken);
        traffic?.Send(request.Content?.Headers.ContentLength ?? 0);
        var cancellation = new Http1Cancellation(connection, cancellationToken);
        try
        {
            var head = await ExchangeAsync(connection, request, cancellationToken);
            var body = new Http1Body(connection, head.Framing, cancellation, head.KeepsAlive ? _pool : null);
            var response = new HttpResponseMessage((HttpStatusCode)head.Status)
            {
                Version = head.Version,
                Content = new Http1Content(body, head.Framing.Length),
            };
            head.CopyHeadersTo(response);
            return response;
        }
        catch (Exception e)
        {
            cancellation.TryEnd();
            connection.Close();
            if (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("The request was cancelled.", e, cancellationToken);
            }

            throw e is HttpRequestException
                ? e
                : new HttpRequestException((e as HttpIOException)?.HttpRequestError ?? HttpRequestError.ConnectionError, "The connection broke before an answer came.", e);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Answers that are under way go on; their connections are closed when they have ended.
            _pool.Dispose();
        }

        base.Dispose(disposing);
    }

    private static async Task<Http1Head> ExchangeAsync(Http1Connection connection, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            await Http1Request.WriteAsync(connection.Output, request, cancellationToken);
        }
        catch (IOException)
        {
            // Who refuses a large question may close before it has read it all, and has answered all the same.
            if (await TryReadHeadAsync(connection) is { } early)
            {
                return early with { KeepsAlive = false };
            }

            throw;
        }

        return await Http1Head.ReadAsync(connection);
    }

    private static async Task<Http1Head?> TryReadHeadAsync(Http1Connection connection)
    {
        try
        {
            return await Http1Head.ReadAsync(connection);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static void Propagate(HttpRequestMessage request)
    {
        if (Activity.Current is { } activity && !request.Headers.Contains("traceparent"))
        {
            DistributedContextPropagator.Current.Inject(activity, request.Headers, static (headers, name, value) =>
                ((System.Net.Http.Headers.HttpRequestHeaders)headers!).Add(name, value));
        }
    }
}
