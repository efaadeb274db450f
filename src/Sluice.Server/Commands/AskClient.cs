using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Sluice.Sse;

namespace Sluice.Server.Commands;

/// <summary>Asks a running server and shows its events.</summary>
internal static class AskClient
{
    // Proxies and servers cut URLs at 8 KB, some at 2 KB: a longer question goes into a body.
    private const int MaxQuery = 1500;

    private const int MaxErrorBytes = 64 << 10;

    /// <summary>Asks; Ctrl+C cancels the generation, too.</summary>
    /// <returns>A value of <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(AskArguments arguments, AskPrinter printer, CancellationToken cancellationToken)
    {
        using var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !arguments.Url!.IsLoopback,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            ResponseDrainTimeout = TimeSpan.Zero,
        }) { Timeout = Timeout.InfiniteTimeSpan };
        try
        {
            using var request = Request(arguments);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.OK) return await RefusedAsync(response, printer, cancellationToken);
            await using var events = new SseReader(PipeReader.Create(await response.Content.ReadAsStreamAsync(cancellationToken)));
            while (!printer.IsEnded && await events.ReadAsync(cancellationToken)) printer.Write(events.Current.Data);
            return !printer.IsEnded && events.Retry is { } retry
                ? printer.Fail("busy", $"the server takes no question now, or let this one go; try again in {retry.TotalSeconds:0.#} s")
                : printer.Finish();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return printer.Fail("cancelled", "cancelled here");
        }
        catch (HttpRequestException problem)
        {
            return printer.Fail("connect", problem.Message);
        }
        catch (Exception problem) when (problem is IOException or SseFormatException)
        {
            return printer.Fail("truncated", problem.Message);
        }
    }

    private static HttpRequestMessage Request(AskArguments arguments)
    {
        var origin = arguments.Url!.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var url = origin.EndsWith("/ask/stream", StringComparison.Ordinal) ? origin : origin + "/ask/stream";
        var query = $"?prompt={Uri.EscapeDataString(arguments.Question)}" + (arguments.Model is { } model ? $"&model={Uri.EscapeDataString(model)}" : "");
        var request = query.Length <= MaxQuery
            ? new HttpRequestMessage(HttpMethod.Get, url + query)
            : new HttpRequestMessage(HttpMethod.Post, url) { Content = Body(arguments) };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        // Nobody comes back for the rest: without this the generation would go on after Ctrl+C.
        request.Headers.Add("X-Sluice-On-Disconnect", "cancel");
        foreach (var (name, value) in arguments.Headers) request.Headers.Add(name, value);
        return request;
    }

    private static ByteArrayContent Body(AskArguments arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("prompt"u8, arguments.Question);
            if (arguments.Model is { } model) json.WriteString("model"u8, model);
            json.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static async Task<int> RefusedAsync(HttpResponseMessage response, AskPrinter printer, CancellationToken cancellationToken)
    {
        var code = FormattableString.Invariant($"http_{(int)response.StatusCode}");
        var message = response.ReasonPhrase ?? "the server refused";
        var body = new byte[MaxErrorBytes];
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        (code, message) = ErrorBody.Read(body.AsMemory(0, length), code, message);
        return printer.Fail(code, message);
    }
}
