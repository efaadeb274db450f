using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>/ask/stream</c>: one question, answered in Sluice's own events. GET for a native EventSource, POST for everything else.</summary>
internal sealed class AskStreamEndpoint(StreamHub hub, IModelCatalog models, EndpointOptions options, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            // 1. What is asked.
            RequestGuard.Check(context);
            var isGet = HttpMethods.IsGet(context.Request.Method);
            var request = isGet ? FromQuery(context.Request.Query) : ChatRequestBuilder.FromAsk(await RequestBody.ReadAsync(context, options.MaxRequestBytes));
            if (!await models.IsServedAsync(request.Model, context.RequestAborted))
            {
                await ErrorResponse.ModelNotFoundAsync(context, models.NotFound(request.Model!));
                return;
            }

            // 2. Whether there is room.
            if (hub.IsDraining)
            {
                await ComeBackAsync(context, isGet);
                return;
            }

            // 3. From here on everything is told inside the stream.
            var session = hub.OpenNative(request.WithTraceId(RequestGuard.TraceId(context)), request.Model ?? models.DefaultModel);
            using var viewer = session.Attach(context.RequestAborted);
            hub.Start(session);
            await SseResponse.SendAsync(context, session, viewer, time);
        }
        catch (ChatRequestException e)
        {
            await ErrorResponse.WriteAsync(context, e);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left before it was answered.
        }
    }

    private static ChatRequest FromQuery(IQueryCollection query)
    {
        var question = One(query, "prompt") ?? One(query, "question");
        if (string.IsNullOrWhiteSpace(question))
        {
            throw new ChatRequestException("Nothing is asked. Send `prompt` (or `question`) in the query.") { Param = "prompt" };
        }

        return ChatRequest.FromQuestion(question, One(query, "model"));
    }

    private static string? One(IQueryCollection query, string name)
    {
        var values = query[name];
        return values.Count <= 1
            ? values.ToString() is { Length: > 0 } value ? value : null
            : throw new ChatRequestException($"`{name}` stands in the query {values.Count} times. Send it once.") { Param = name };
    }

    // An EventSource that gets anything but 200 never comes back, so it is told in its own words when to.
    private static Task ComeBackAsync(HttpContext context, bool isGet)
    {
        if (!isGet || !RequestGuard.AcceptsEvents(context))
        {
            return ErrorResponse.StoppingAsync(context);
        }

        SseResponse.Begin(context);
        return RetryHint.SendAsync(context);
    }
}
