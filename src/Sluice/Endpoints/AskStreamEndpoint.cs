using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>/ask/stream</c>: one question, answered in Sluice's own events. GET for a native EventSource, POST for everything else.</summary>
internal sealed class AskStreamEndpoint(StreamHub hub, StreamResume resume, IModelCatalog models, IAdmission admission, EndpointOptions options, IConversations? conversations = null)
{
    // The code of the refusal of a question whose conversation is still being answered.
    private const string AnswerRunning = "answer_running";

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
        var name = RequestGuard.KeyOf(caller, "ask", key);

        // What has been asked already needs nothing of its conversation, whose last answer it may be itself.
        if (hub.TryJoin(name, body.Span, context.RequestAborted, out var viewer) is { } known)
        {
            return await JoinAsync(context, known, viewer);
        }

        ChatRequest asked;
        try
        {
            asked = isGet
                ? await AskedQuestion.FromQueryAsync(context.Request.Query, caller, conversations, Refuse, context.RequestAborted)
                : await AskedQuestion.FromBodyAsync(body, caller, conversations, Refuse, context.RequestAborted);
        }
        catch (ChatRequestException e) when (e.Code == AnswerRunning)
        {
            // It may be the answer to the same question, which was posted twice at once.
            if (hub.TryJoin(name, body.Span, context.RequestAborted, out viewer) is not { } begun)
            {
                throw;
            }

            return await JoinAsync(context, begun, viewer);
        }

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
            return (hub.Join(name, body.Span, Open, context.RequestAborted, out viewer), viewer);
        }
        finally
        {
            RateLimitHeaders.Write(context, admission, request);
        }

        // Before a history is read that nobody could be asked with.
        void Refuse(string? model)
        {
            if (hub.Refusal is { } refusal)
            {
                RateLimitHeaders.Write(context, admission, ChatRequest.FromQuestion("", model).By(caller));
                throw refusal;
            }
        }
    }

    // The viewer is disposed of where this fails.
    private async Task<(StreamSession Session, StreamViewer? Viewer)?> JoinAsync(HttpContext context, StreamSession session, StreamViewer? viewer)
    {
        var isJoined = false;
        try
        {
            var request = session.Request.By(Callers.Of(context));
            if (!await ModelAccess.MayAskAsync(models, request.Caller, request.Model, context.RequestAborted))
            {
                await ErrorResponse.ModelNotFoundAsync(context, ModelAccess.NotFound(models, request.Model));
                return null;
            }

            context.Request.Query = QueryCollection.Empty;
            RateLimitHeaders.Write(context, admission, request);
            isJoined = true;
            return (session, viewer);
        }
        finally
        {
            if (!isJoined)
            {
                viewer?.Dispose();
            }
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
