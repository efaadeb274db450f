using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sluice.Chat;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary><c>/v1/streams/{id}</c>: streams that run or ended a while ago, to be read from anywhere, looked at and stopped.</summary>
internal sealed class StreamsEndpoint(StreamHub hub, StreamResume resume, EndpointOptions options)
{
    // How long a cancelled generation may take to say its last word before the answer to the cancel goes out without it.
    private static readonly TimeSpan MaxLastWord = TimeSpan.FromSeconds(1);

    /// <summary><c>GET /v1/streams/{id}/events</c>: replay, then follow. <c>Last-Event-ID</c> wins over <c>?after=n</c>.</summary>
    public async Task EventsAsync(HttpContext context)
    {
        try
        {
            var id = Id(context);
            if (RequestGuard.LastEventId(context) is { } cursor)
            {
                await resume.HandleAsync(context, cursor, isOpenAi: false, only: id);
                return;
            }

            var after = After(context.Request.Query["after"]);
            if (hub.Find(id, Callers.Of(context)) is { } session)
            {
                await resume.FollowAsync(context, session, after, isOpenAi: false);
            }
            else
            {
                await resume.LostAsync(context, StreamId.IsValid(id) ? id : null, isOpenAi: false);
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

    /// <summary><c>GET /v1/streams/{id}</c>: what the stream has come to.</summary>
    public Task GetAsync(HttpContext context) => AnswerAsync(context, hub.Find(Id(context), Callers.Of(context)));

    /// <summary><c>POST /v1/streams/{id}/cancel</c>: stops it, if it still runs; answers what it has come to.</summary>
    public async Task CancelAsync(HttpContext context)
    {
        try
        {
            RequestGuard.Check(context, options);
            var session = hub.Find(Id(context), Callers.Of(context));
            if (session is { State: StreamState.Running })
            {
                session.Cancel();
                await Task.WhenAny(session.Completion, Task.Delay(MaxLastWord, context.RequestAborted));
            }

            await AnswerAsync(context, session);
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

    private static async Task AnswerAsync(HttpContext context, StreamSession? session)
    {
        if (session?.TrySnapshot() is not { } snapshot)
        {
            await ErrorResponse.WriteAsync(context, new ChatRequestException("This stream is not (or no longer) known here.") { Status = 404, Code = "stream_lost" });
            return;
        }

        var body = StreamSnapshotJson.Resource(snapshot);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }

    private static string Id(HttpContext context) => context.GetRouteValue("id") as string ?? "";

    private static long After(string? text) => string.IsNullOrEmpty(text) ? 0
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var after) ? after
        : throw new ChatRequestException("`after` must be the number of an event, 0 or more.") { Param = "after" };
}
