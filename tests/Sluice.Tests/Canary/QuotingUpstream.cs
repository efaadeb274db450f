using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sluice.Tests.Canary;

/// <summary>An upstream that fails and quotes everything it was told, key and question, in what it says of the failure.</summary>
internal sealed class QuotingUpstream : IAsyncDisposable
{
    /// <summary>Ways to fail: a status, or <c>stream</c> for an error inside a 200.</summary>
    public static readonly string[] Ways = ["400", "401", "402", "403", "404", "413", "422", "429", "500", "503", "200", "stream", "headers"];

    private readonly WebApplication _app;

    private QuotingUpstream(WebApplication app) => _app = app;

    /// <summary>Where a way to fail is found.</summary>
    public string Address(string way) => $"{_app.Urls.First()}/{way}/v1";

    /// <summary>Headers of requests, of those that have come.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Traceparents { get; } = new();

    public static async Task<QuotingUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var upstream = new QuotingUpstream(builder.Build());
        upstream._app.Run(upstream.AnswerAsync);
        await upstream._app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var quote = JsonEncodedText.Encode($"Cannot answer {await reader.ReadToEndAsync(context.RequestAborted)} with {context.Request.Headers.Authorization}").Value;
        if (context.Request.Headers.TraceParent.ToString() is { Length: > 0 } parent)
        {
            Traceparents.Enqueue(parent);
        }

        var way = context.Request.Path.Value!.Split('/')[1];
        var error = $$$"""{"error":{"message":"{{{quote}}}","type":"{{{quote}}}","code":"{{{quote}}}","param":"{{{quote}}}"}}""";
        if (way == "stream")
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync($"data: {error}\n\n", context.RequestAborted);
            return;
        }

        context.Response.StatusCode = int.TryParse(way, System.Globalization.CultureInfo.InvariantCulture, out var status) ? status : 502;
        context.Response.ContentType = way == "headers" ? "text/html" : "application/json";
        await context.Response.WriteAsync(error, context.RequestAborted);
    }
}
