using System.Buffers;
using System.Text;

namespace Sluice.Providers.Http;

/// <summary>A request as it stands on the wire (RFC 9112, 3).</summary>
internal static class Http1Request
{
    // A body up to this size leaves together with its head.
    private const int OneWriteBytes = 64 * 1024;

    /// <summary>Writes a request.</summary>
    /// <exception cref="HttpRequestException">A header holds what none may hold; nothing has been written.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public static async Task WriteAsync(Stream output, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var head = Head(request);
        var content = request.Content;
        var bodyBytes = content?.Headers.ContentLength is <= OneWriteBytes and var length ? (int)length : 0;

        // Needed for one send. Lost to the pool if the connection breaks.
        var buffer = ArrayPool<byte>.Shared.Rent(head.Length + bodyBytes);
        var count = Encoding.Latin1.GetBytes(head, buffer) + bodyBytes;
        if (bodyBytes > 0)
        {
            using var body = new MemoryStream(buffer, count - bodyBytes, bodyBytes);
            await content!.CopyToAsync(body, cancellationToken);
        }

        await output.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        ArrayPool<byte>.Shared.Return(buffer);
        if (bodyBytes == 0 && content is not null)
        {
            await CopyAsync(content, output, cancellationToken);
        }
    }

    private static async Task CopyAsync(HttpContent content, Stream output, CancellationToken cancellationToken)
    {
        try
        {
            await content.CopyToAsync(output, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is IOException)
        {
            // The framework wraps what the stream said.
            throw new IOException("The connection broke while the request was written.", e);
        }
    }

    private static string Head(HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        var head = new StringBuilder(512);
        head.Append(request.Method.Method).Append(' ').Append(uri.PathAndQuery).Append(" HTTP/1.1\r\n");
        Append(head, "Host", request.Headers.Host ?? Authority(uri));
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (!name.Equals("Host", StringComparison.OrdinalIgnoreCase))
            {
                Append(head, name, values.ToString());
            }
        }

        if (request.Content is { } content)
        {
            // Asking for the length puts it among the headers. Bodies of unknown length do not occur: a question is in memory before it is asked.
            _ = content.Headers.ContentLength ?? throw new HttpRequestException("A request's body must say its length.");
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                Append(head, name, values.ToString());
            }
        }

        return head.Append("\r\n").ToString();
    }

    private static void Append(StringBuilder head, string name, string value)
    {
        // The typed headers refuse this already; on the wire it would be another header, or another request.
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
        {
            throw new HttpRequestException($"The value of the header {name} holds a line break.");
        }

        head.Append(name).Append(": ").Append(value).Append("\r\n");
    }

    private static string Authority(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        return uri.IsDefaultPort ? host : FormattableString.Invariant($"{host}:{uri.Port}");
    }
}
