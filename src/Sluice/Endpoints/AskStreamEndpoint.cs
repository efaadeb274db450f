using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>/ask/stream</c>: one question, answered in Sluice's own events. GET for a native EventSource, POST for everything else.</summary>
internal sealed class AskStreamEndpoint(StreamHub hub, StreamResume resume, IModelCatalog models, IAdmission admission, EndpointOptions options, IConversations? conversations = null)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            // Who comes back with a cursor has asked already: a reconnecting EventSource repeats its own URL.
            RequestGuard.Check(context, options);
            if (HttpMethods.IsGet(context.Request.Method) && RequestGuard.LastEventId(context) is { } cursor)
            {
                await resume.HandleAsync(context, cursor, isOpenAi: false);
                return;
            }

            // What was asked is not held on to here: a viewer may stay for long.
            if (await OpenAsync(context) is var (session, viewer))
            {
                using (viewer)
                {
                    await resume.SendAsync(context, session, viewer);
                }
            }
        }
        catch (ChatRequestException e)
        {
            await ErrorResponse.WriteAsync(context, e);
        }
        catch (ChatProviderException e)
        {
            await ComeBackAsync(context, e);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left before it was answered.
        }
    }

    // Null: it has been answered, there is no such model.
    private async Task<(StreamSession Session, StreamViewer? Viewer)?> OpenAsync(HttpContext context)
    {
        // 1. What is asked.
        var isGet = HttpMethods.IsGet(context.Request.Method);
        var onDisconnect = RequestGuard.OnDisconnect(context, DisconnectPolicy.Detach);
        var key = isGet ? null : RequestGuard.IdempotencyKey(context);
        var body = isGet ? default : await RequestBody.ReadAsync(context, options.MaxRequestBytes);
        var caller = Callers.Of(context);
        var asked = isGet
            ? await AskedQuestion.FromQueryAsync(context.Request.Query, caller, conversations, context.RequestAborted)
            : await AskedQuestion.FromBodyAsync(body, caller, conversations, context.RequestAborted);
        var request = asked.From(Origins.Of(context)).By(caller).WithTraceId(RequestGuard.TraceId(context));
        if (!await ModelAccess.MayAskAsync(models, caller, request.Model, context.RequestAborted))
        {
            await ErrorResponse.ModelNotFoundAsync(context, ModelAccess.NotFound(models, request.Model));
            return null;
        }

        // 2. From here on everything is told inside the stream. The parsed query has been read; the request would keep it as long as the stream lasts.
        context.Request.Query = QueryCollection.Empty;
        StreamSession Open() => hub.OpenNative(request, request.Model ?? models.DefaultModel, onDisconnect);
        try
        {
            return (hub.Join(RequestGuard.KeyOf(caller, "ask", key), body.Span, Open, context.RequestAborted, out var viewer), viewer);
        }
        finally
        {
            RateLimitHeaders.Write(context, admission, request);
        }
    }

    // An EventSource that gets anything but 200 never comes back, so it is told in its own words when to.
    private static Task ComeBackAsync(HttpContext context, ChatProviderException refusal)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || !RequestGuard.AcceptsEvents(context))
        {
            return ErrorResponse.WriteAsync(context, refusal);
        }

        if (refusal.Kind == ChatErrorKind.QuotaSpent)
        {
            return TerminalError.SendAsync(context, refusal);
        }

        SseResponse.Begin(context);
        return RetryHint.SendAsync(context, refusal.RetryAfter ?? default);
    }
}
