using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Sluice.Server.Upstream.Answers;
using Sluice.Server.Upstream.Framing;

namespace Sluice.Server.Upstream;

/// <summary>One chat request and its answer in the making: what scenarios and faults act upon.</summary>
/// <remarks>Belongs to one request; not safe for several threads.</remarks>
internal sealed class UpstreamCall(HttpContext http, UpstreamRequest request, CallPlan plan, UpstreamStats stats, TimeProvider time) : IDisposable
{
    private PipeWriter? _output;

    public UpstreamRequest Request => request;

    public CallPlan Plan => plan;

    public UpstreamStats Stats => stats;

    public HttpResponse Response => http.Response;

    /// <summary>Fires when the client leaves or the upstream stops.</summary>
    public CancellationToken Gone { get; } = http.RequestAborted;

    public Pacer Pacer { get; } = new(time, http.RequestAborted);

    /// <summary>Where the body goes; gzip is applied here when the scenario opened the stream so.</summary>
    public PipeWriter Output => _output ??= http.Response.BodyWriter;

    public IEventFraming Framing { get; set; } = plan.Dialect == UpstreamDialect.Bella ? SplitFraming.Bella : LineFraming.OpenAi;

    /// <summary>Set by whoever finishes the answer, or cuts it on purpose.</summary>
    public CallOutcome Outcome { get; set; }

    /// <summary>The moment, for a latency stamp; 0 when tokens carry none.</summary>
    public long Stamp => plan.LatencyStamps ? LatencyStamp.Nanoseconds(time.GetTimestamp()) : 0;

    public AnswerHead Head { get; } = new(
        FormattableString.Invariant($"chatcmpl-sim-{stats.Requests}"),
        request.Model,
        time.GetUtcNow().ToUnixTimeSeconds(),
        request.Tool ?? "get_weather",
        request.IncludeUsage);

    /// <summary>Sends the status and the headers of an event stream.</summary>
    public async Task OpenStreamAsync(string contentType = "text/event-stream; charset=utf-8", bool gzip = false)
    {
        http.Response.ContentType = contentType;
        http.Response.Headers.CacheControl = "no-cache";
        if (gzip)
        {
            http.Response.Headers.ContentEncoding = "gzip";
            _output = PipeWriter.Create(new GZipStream(http.Response.Body, CompressionLevel.Fastest));
        }

        // Starting alone does not send: a client would wait for its headers until the first token.
        await http.Response.StartAsync(Gone);
        await http.Response.BodyWriter.FlushAsync(Gone);
    }

    /// <summary>Sends a whole body.</summary>
    public async Task SendAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, Gone);
        Outcome = CallOutcome.Completed;
    }

    /// <summary>Sends bytes as they are, around the framing.</summary>
    public async ValueTask SendRawAsync(ReadOnlyMemory<byte> bytes)
    {
        Output.Write(bytes.Span);
        await Output.FlushAsync();
    }

    /// <summary>Ends the body in order; the compressed stream gets its trailer.</summary>
    public async Task CompleteAsync()
    {
        if (_output is not null && _output != http.Response.BodyWriter) await _output.CompleteAsync();
        Outcome = CallOutcome.Completed;
    }

    /// <summary>Resets the TCP connection, behind everything that was sent.</summary>
    public async Task ResetAsync()
    {
        Outcome = CallOutcome.Cut;
        if (http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            await SentBytes.ArrivedAsync(socket);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        http.Abort();
    }

    /// <summary>Closes the TCP connection in the middle of the chunked body: the client sees an end of file where a chunk should come.</summary>
    /// <exception cref="UpstreamCutException">Always: Kestrel closes without the terminating chunk when an endpoint throws after the first flush.</exception>
    public void CloseMidBody()
    {
        Outcome = CallOutcome.Cut;
        throw new UpstreamCutException();
    }

    public void Dispose() => Pacer.Dispose();
}
