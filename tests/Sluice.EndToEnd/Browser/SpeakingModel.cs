using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sluice.EndToEnd.Browser;

/// <summary>A model that says exactly what a test wants to see on the page, cut into the pieces that it wants.</summary>
internal sealed class SpeakingModel : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SpeakingModel(WebApplication app) => _app = app;

    /// <summary>Its base URL, for a provider's <c>BaseUrl</c>.</summary>
    public Uri Address => new(new Uri(_app.Urls.Single()), "/v1");

    /// <summary>Starts one on a free port.</summary>
    /// <param name="answer">The pieces of the answer to a question.</param>
    /// <param name="pause">Between two pieces; none by default.</param>
    public static async Task<SpeakingModel> StartAsync(Func<string, IEnumerable<string>> answer, TimeSpan pause = default)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", context => AnswerAsync(context, answer, pause));
        await app.StartAsync();
        return new SpeakingModel(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext context, Func<string, IEnumerable<string>> answer, TimeSpan pause)
    {
        using var request = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
        var question = request.RootElement.GetProperty("messages").EnumerateArray().Last().GetProperty("content").GetString()!;
        context.Response.ContentType = "text/event-stream";
        using var clock = pause > TimeSpan.Zero ? new PeriodicTimer(pause) : null;
        foreach (var piece in answer(question))
        {
            await SayAsync(context, $$"""{"content":{{JsonSerializer.Serialize(piece)}}}""", "null");
            if (clock is not null)
            {
                await clock.WaitForNextTickAsync(context.RequestAborted);
            }
        }

        await SayAsync(context, "{}", "\"stop\"");
        await context.Response.WriteAsync("data: [DONE]\n\n", context.RequestAborted);
    }

    private static async Task SayAsync(HttpContext context, string delta, string finishReason)
    {
        await context.Response.WriteAsync(
            $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"speaking","choices":[{"index":0,"delta":{{delta}},"finish_reason":{{finishReason}}}]}""" + "\n\n",
            context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
