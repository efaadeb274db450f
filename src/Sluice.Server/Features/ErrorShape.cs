using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Server.Features;

/// <summary>Whatever goes wrong outside an answer has the same shape as inside: OpenAI's error object.</summary>
internal static partial class ErrorShape
{
    /// <summary>Logs what no endpoint caught and answers 500 where nothing was answered yet; gives unknown paths a body that says so.</summary>
    public static void UseErrorShape(this WebApplication app)
    {
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Sluice.Server");
        app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
                if (context.Response is { StatusCode: 404 or 405, HasStarted: false, ContentLength: null, ContentType: null })
                {
                    await WriteAsync(context, context.Response.StatusCode, context.Response.StatusCode == 404
                        ? "There is nothing at this path. GET / is the chat page; docs/http-api.md lists the endpoints."
                        : $"This path does not take {context.Request.Method}.", "not_found");
                }
            }
            catch (Exception e) when (e is not UncleanEndException && !context.RequestAborted.IsCancellationRequested)
            {
                Unhandled(logger, e, context.Request.Path, context.TraceIdentifier);
                if (context.Response.HasStarted)
                {
                    throw;
                }

                await WriteAsync(context, 500, "The server failed; its log says how.", "internal_error");
            }
        });
    }

    /// <summary>Answers with an error, where nothing was answered yet.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string message, string code)
    {
        var type = status switch
        {
            500 => "server_error",
            401 => "authentication_error",
            403 => "permission_error",
            _ => "invalid_request_error",
        };
        var body = ChatErrorJson.Write(message, type, code, null).ToArray();
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    }

    [LoggerMessage(800, LogLevel.Error, "A request to {Path} failed; request {RequestId}", EventName = "Unhandled")]
    private static partial void Unhandled(ILogger logger, Exception exception, string path, string requestId);
}
