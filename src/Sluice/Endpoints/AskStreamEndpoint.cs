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
            // 1. Who comes back with a cursor has asked already: a reconnecting EventSource repeats its own URL.
            RequestGuard.Check(context, options);
            var isGet = HttpMethods.IsGet(context.Request.Method);
            if (isGet && RequestGuard.LastEventId(context) is { } cursor)
            {
                await resume.HandleAsync(context, cursor, isOpenAi: false);
                return;
            }

            // 2. What is asked.
            var onDisconnect = RequestGuard.OnDisconnect(context, DisconnectPolicy.Detach);
            var key = isGet ? null : RequestGuard.IdempotencyKey(context);
            var body = isGet ? default : await RequestBody.ReadAsync(context, options.MaxRequestBytes);
            var caller = Callers.Of(context);
            var asked = isGet ? await AskedQuestion.FromQueryAsync(context.Request.Query, caller, conversations, context.RequestAborted) : await AskedQuestion.FromBodyAsync(body, caller, conversations, context.RequestAborted);
            var request = asked.From(Origins.Of(context)).By(caller).WithTraceId(RequestGuard.TraceId(context));
            if (!await ModelAccess.MayAskAsync(models, caller, request.Model, context.RequestAborted))
            {
                await ErrorResponse.ModelNotFoundAsync(context, ModelAccess.NotFound(models, request.Model));
                return;
            }

            // 3. From here on everything is told inside the stream.
            StreamSession Open() => hub.OpenNative(request, request.Model ?? models.DefaultModel, onDisconnect);
            StreamViewer? viewer;
            StreamSession session;
            try
            {
                session = hub.Join(RequestGuard.KeyOf(caller, "ask", key), body.Span, Open, context.RequestAborted, out viewer);
            }
            finally
            {
                RateLimitHeaders.Write(context, admission, request);
            }

            using (viewer)
            {
                await resume.SendAsync(context, session, viewer);
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

    private static Task ComeBackLaterAsync(HttpContext context, TimeSpan after)
    {
        SseResponse.Begin(context);
        return RetryHint.SendAsync(context, after);
    }

    // An EventSource that gets anything but 200 never comes back, so it is told in its own words when to.
    private static Task ComeBackAsync(HttpContext context, ChatProviderException refusal)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || !RequestGuard.AcceptsEvents(context))
        {
            return ErrorResponse.WriteAsync(context, refusal);
        }

        return refusal.Kind == ChatErrorKind.QuotaSpent
            ? TerminalError.SendAsync(context, refusal)
            : ComeBackLaterAsync(context, refusal.RetryAfter ?? default);
    }
}
