using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>: OpenAI's dialect. What the upstream says passes through byte for byte.</summary>
internal sealed class ChatCompletionsEndpoint(StreamHub hub, StreamResume resume, IModelCatalog models, IAdmission admission, EndpointOptions options)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            // 1. Who comes back with a cursor has asked already: the body is ignored.
            RequestGuard.Check(context, options);
            if (RequestGuard.LastEventId(context) is { } cursor)
            {
                await resume.HandleAsync(context, cursor, isOpenAi: true);
                return;
            }

            // 2. What was asked is not held on to here: a viewer may stay for long.
            if (await AskAsync(context) is not var (session, viewer))
            {
                return;
            }

            using (viewer)
            {
                // 3. The status waits for the first meaningful event (or a keep-alive), so that an upstream's refusal is still an HTTP error.
                await (viewer?.WaitForCommitAsync() ?? default);
                if (session is { State: StreamState.Failed, IsCommitted: false, Error: { } error })
                {
                    context.Response.Headers["X-Sluice-Stream-Id"] = session.Id.Value;
                    await ErrorResponse.WriteAsync(context, error);
                    return;
                }

                // 4. From here on everything is told inside the stream.
                await resume.SendAsync(context, session, viewer);
            }
        }
        catch (ChatRequestException e)
        {
            await ErrorResponse.WriteAsync(context, e);
        }
        catch (ChatProviderException e)
        {
            await ErrorResponse.WriteAsync(context, e);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left before it was answered.
        }
    }

    // Null: it has been answered, as a whole or because there is no such model.
    private async Task<(StreamSession Session, StreamViewer? Viewer)?> AskAsync(HttpContext context)
    {
        var request = ChatRequest.Parse(await RequestBody.ReadAsync(context, options.MaxRequestBytes)).From(Origins.Of(context)).By(Callers.Of(context)).WithTraceId(RequestGuard.TraceId(context));
        if (!await ModelAccess.MayAskAsync(models, request.Caller, request.Model, context.RequestAborted))
        {
            await ErrorResponse.ModelNotFoundAsync(context, ModelAccess.NotFound(models, request.Model));
            return null;
        }

        if (request.Stream)
        {
            return Open(context, request);
        }

        await CompleteAsync(context, request);
        return null;
    }

    private (StreamSession Session, StreamViewer? Viewer) Open(HttpContext context, ChatRequest request)
    {
        var onDisconnect = RequestGuard.OnDisconnect(context, DisconnectPolicy.Cancel);
        StreamSession OpenNew() => hub.OpenOpenAi(request, request.Model ?? models.DefaultModel, onDisconnect);
        try
        {
            return (hub.Join(Key(context, request.Caller), request.Body.Span, OpenNew, context.RequestAborted, out var viewer), viewer);
        }
        finally
        {
            RateLimitHeaders.Write(context, admission, request);
        }
    }

    private async Task CompleteAsync(HttpContext context, ChatRequest request)
    {
        var onDisconnect = RequestGuard.OnDisconnect(context, DisconnectPolicy.Cancel);
        byte[] body;
        try
        {
            body = await hub.CompleteAsync(Key(context, request.Caller), request, onDisconnect, context.RequestAborted);
        }
        finally
        {
            RateLimitHeaders.Write(context, admission, request);
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static string? Key(HttpContext context, Caller caller) => RequestGuard.KeyOf(caller, "chat", RequestGuard.IdempotencyKey(context));
}
