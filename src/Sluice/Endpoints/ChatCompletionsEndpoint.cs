using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>POST /v1/chat/completions</c>: OpenAI's dialect. What the upstream says passes through byte for byte.</summary>
internal sealed class ChatCompletionsEndpoint(StreamHub hub, IModelCatalog models, EndpointOptions options, TimeProvider time)
{
    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            // 1. What is asked, and whether there is room.
            RequestGuard.Check(context);
            var request = ChatRequest.Parse(await RequestBody.ReadAsync(context, options.MaxRequestBytes)).WithTraceId(RequestGuard.TraceId(context));
            if (!await models.IsServedAsync(request.Model, context.RequestAborted))
            {
                await ErrorResponse.ModelNotFoundAsync(context, models.NotFound(request.Model!));
            }
            else if (hub.IsDraining)
            {
                await ErrorResponse.StoppingAsync(context);
            }
            else if (request.Stream)
            {
                await StreamAsync(context, request);
            }
            else
            {
                await CompleteAsync(context, request);
            }
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

    private async Task StreamAsync(HttpContext context, ChatRequest request)
    {
        var session = hub.OpenOpenAi(request);
        using var viewer = session.Attach(context.RequestAborted);
        hub.Start(session);

        // 2. The status waits for the first meaningful event (or a keep-alive), so that an upstream's refusal is still an HTTP error.
        await viewer.WaitForCommitAsync();
        if (session is { State: StreamState.Failed, IsCommitted: false, Error: { } error })
        {
            context.Response.Headers["X-Sluice-Stream-Id"] = session.Id.Value;
            await ErrorResponse.WriteAsync(context, error);
            return;
        }

        // 3. From here on everything is told inside the stream.
        await SseResponse.SendAsync(context, session, viewer, time);
    }

    private async Task CompleteAsync(HttpContext context, ChatRequest request)
    {
        try
        {
            var body = await hub.CompleteAsync(request, context.RequestAborted);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
        catch (ChatProviderException e)
        {
            await ErrorResponse.WriteAsync(context, e);
        }
    }
}
