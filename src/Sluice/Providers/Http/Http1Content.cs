using System.Net;

namespace Sluice.Providers.Http;

/// <summary>An answer's body, as <see cref="HttpResponseMessage"/> carries it.</summary>
internal sealed class Http1Content(Http1Body body, long? length) : HttpContent
{
    /// <summary>The body itself. Completing it, or disposing the response, gives the connection back.</summary>
    public Http1Body Body => body;

    /// <inheritdoc/>
    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(new Http1BodyPipe(body).AsStream());

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => new Http1BodyPipe(body).CopyToAsync(stream);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long result)
    {
        result = length ?? 0;
        return length is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Complete();
        }

        base.Dispose(disposing);
    }
}
