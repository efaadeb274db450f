using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Server.Upstream;

/// <summary>The upstream's HTTP surface: chat, models, and what it has seen. Routed by hand, so that a request costs next to nothing.</summary>
internal sealed class UpstreamHandler(UpstreamOptions options, TimeProvider time)
{
    private const int MaxRequestBytes = 32 << 20;

    private readonly CallPlanner _planner = new(options, time);

    public UpstreamStats Stats { get; } = new();

    public Task HandleAsync(HttpContext http)
    {
        var path = http.Request.Path.Value;
        var read = HttpMethods.IsGet(http.Request.Method);
        return path switch
        {
            "/v1/chat/completions" or "/chat/completions" when HttpMethods.IsPost(http.Request.Method) => ChatAsync(http),
            "/v1/models" or "/models" when read => SendAsync(http, 200, Models()),
            "/stats" when read => SendAsync(http, 200, JsonSerializer.SerializeToUtf8Bytes(Stats.Snapshot(), UpstreamJson.Default.UpstreamStatsDocument)),
            "/last-request" when read => SendAsync(http, 200, Stats.Last?.Body ?? "null"u8.ToArray()),
            _ => SendAsync(http, 404, Error("Not found. There are POST /v1/chat/completions, GET /v1/models, GET /stats, GET /last-request.", "not_found")),
        };
    }

    private async Task ChatAsync(HttpContext http)
    {
        var body = await ReadAsync(http);
        UpstreamRequest request;
        CallPlan plan;
        try
        {
            request = UpstreamRequest.Parse(body);
            plan = _planner.Plan(request.Model);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or UnknownScenarioException)
        {
            await SendAsync(http, 400, Error(error.Message, "invalid_request"));
            return;
        }

        Stats.Started(Describe(http, request, body));
        AddBellaHeaders(http);
        using var call = new UpstreamCall(http, request, plan, Stats, time);
        try
        {
            await plan.Scenario.RunAsync(call);
        }
        catch (OperationCanceledException) when (call.Gone.IsCancellationRequested)
        {
            // The client left: Ended counts it as aborted, since nobody has set another outcome.
        }
        finally
        {
            Stats.Ended(call.Outcome);
        }
    }

    private void AddBellaHeaders(HttpContext http)
    {
        if (options.Dialect != UpstreamDialect.Bella) return;
        http.Response.Headers["X-BELLA-REQUEST-ID"] = Guid.NewGuid().ToString("N");
        var trace = http.Request.Headers["X-BELLA-TRACE-ID"];
        http.Response.Headers["X-BELLA-TRACE-ID"] = trace.Count > 0 ? trace : Guid.NewGuid().ToString("N");
    }

    private static LastRequest Describe(HttpContext http, UpstreamRequest request, ReadOnlyMemory<byte> body)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in http.Request.Headers)
        {
            if (!IsSecret(name)) headers[name.ToLowerInvariant()] = value.ToString();
        }

        return new LastRequest(http.Request.Path.Value!, request.Model, request.Stream, http.Request.Headers.Authorization.Count > 0, headers) { Body = body };
    }

    private static bool IsSecret(string header) =>
        header.Equals("authorization", StringComparison.OrdinalIgnoreCase) || header.Equals("cookie", StringComparison.OrdinalIgnoreCase)
        || header.Contains("key", StringComparison.OrdinalIgnoreCase);

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext http)
    {
        var buffer = new ArrayBufferWriter<byte>(http.Request.ContentLength is { } length ? (int)Math.Clamp(length, 256, MaxRequestBytes) : 4096);
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            foreach (var segment in read.Buffer) buffer.Write(segment.Span);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted) return buffer.WrittenMemory;
        }
    }

    private byte[] Models() => Encoding.UTF8.GetBytes(string.Create(null,
        $$"""{"object":"list","data":[{"id":"sim-{{options.Tokens}}-{{(long)options.Interval.TotalMicroseconds}}","object":"model","created":1760000000,"owned_by":"sluice"}]}"""));

    private static byte[] Error(string message, string code) => Encoding.UTF8.GetBytes(
        $$$"""{"error":{"message":"{{{JsonText.Escape(message)}}}","type":"invalid_request_error","param":null,"code":"{{{code}}}"}}""");

    private static async Task SendAsync(HttpContext http, int status, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }
}
