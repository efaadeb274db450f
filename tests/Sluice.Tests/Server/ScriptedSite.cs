using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Sluice.Tests.Server;

/// <summary>A server on a free port that answers every request with the same bytes, and keeps what it was asked.</summary>
internal sealed class ScriptedSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedSite(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    /// <summary>Method, path and query, body, and one header of the last request.</summary>
    public (string Method, string Target, string Body, string OnDisconnect) Last { get; private set; }

    /// <summary>Answers with native events, one after the other.</summary>
    public static Task<ScriptedSite> EventsAsync(params string[] events) =>
        StartAsync(StatusCodes.Status200OK, "text/event-stream", string.Concat(events.Select((e, i) => $"id: st_1.{i + 1}\ndata: {e}\n\n")));

    public static async Task<ScriptedSite> StartAsync(int status, string contentType, string body)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var site = new ScriptedSite(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            var asked = await reader.ReadToEndAsync(http.RequestAborted);
            site.Last = (http.Request.Method, http.Request.Path + http.Request.QueryString.Value, asked, http.Request.Headers["X-Sluice-On-Disconnect"].ToString());
            http.Response.StatusCode = status;
            http.Response.ContentType = contentType;
            await http.Response.WriteAsync(body, http.RequestAborted);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return site;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true));
        await _app.DisposeAsync();
    }
}
