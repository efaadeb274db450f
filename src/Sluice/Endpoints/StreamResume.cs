using System.Text;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;
using Sluice.Sse;
using Sluice.Streams;

namespace Sluice.Endpoints;

/// <summary>A viewer comes back with a cursor: it gets what it has not seen, then follows. It never asks the question again.</summary>
internal sealed class StreamResume(StreamHub hub, TimeProvider time)
{
    private const string Lost = "This stream is not (or no longer) known here. Ask again.";

    /// <summary>Answers a request that carries a cursor.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cursor">The cursor, as it came.</param>
    /// <param name="isOpenAi">In which dialect to say that the stream is lost.</param>
    /// <param name="only">The only stream that will do, or null.</param>
    public async Task HandleAsync(HttpContext context, string cursor, bool isOpenAi, string? only = null)
    {
        var position = StreamPosition.Parse(cursor);
        if (position.IsEnd)
        {
            // The only answer that stops an EventSource.
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        var session = position.StreamId is { } id && (only is null || only == id) ? hub.Find(id, Callers.Of(context)) : null;
        if (session is null)
        {
            await LostAsync(context, position.StreamId, isOpenAi);
            return;
        }

        await FollowAsync(context, session, position.Sequence, isOpenAi);
    }

    /// <summary>Sends a stream from behind an event on.</summary>
    /// <param name="context">The request.</param>
    /// <param name="session">The stream.</param>
    /// <param name="after">The number of the last event that the viewer has.</param>
    /// <param name="isOpenAi">In which dialect to say that the stream is lost.</param>
    public async Task FollowAsync(HttpContext context, StreamSession session, long after, bool isOpenAi)
    {
        if (session.Log.IsComplete && after >= session.Log.Published)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }

        if (after > session.Log.Published && !session.Dialect.KnowsReset)
        {
            await LostAsync(context, session.Id.Value, isOpenAi: true);
            return;
        }

        using var viewer = session.TryAttach(context.RequestAborted, after);
        if (viewer is null)
        {
            await LostAsync(context, session.Id.Value, isOpenAi);
            return;
        }

        await SseResponse.SendAsync(context, session, viewer, time, isResumed: true);
    }

    /// <summary>Sends a stream to a viewer that has joined it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="session">The stream.</param>
    /// <param name="viewer">The viewer; null where the stream can no longer be told from its beginning.</param>
    public Task SendAsync(HttpContext context, StreamSession session, StreamViewer? viewer) => viewer is null
        ? LostAsync(context, session.Id.Value, isOpenAi: !session.Dialect.KnowsReset)
        : SseResponse.SendAsync(context, session, viewer, time);

    /// <summary>Says that there is no such stream (any more): unknown, expired, garbage and someone else's all look the same.</summary>
    /// <param name="context">The request.</param>
    /// <param name="streamId">The stream that the cursor names; null where it names none.</param>
    /// <param name="isOpenAi">In which dialect.</param>
    /// <exception cref="UncleanEndException">In OpenAI's dialect, so that its clients notice.</exception>
    public async Task LostAsync(HttpContext context, string? streamId, bool isOpenAi)
    {
        if (!RequestGuard.AcceptsEvents(context))
        {
            await ErrorResponse.WriteAsync(context, new ChatRequestException(Lost) { Status = 404, Code = "stream_lost" });
            return;
        }

        SseResponse.Begin(context);
        byte[] id = [.. Encoding.ASCII.GetBytes(streamId ?? "st_lost"), .. ".end"u8];
        SseWriter.WriteEvent(context.Response.BodyWriter, id, isOpenAi
            ? ChatErrorJson.Write(Lost, "server_error", "stream_lost", null)
            : Encoding.UTF8.GetBytes($$"""{"type":"error","code":"stream_lost","message":"{{Lost}}","retryable":false,"answer":""}"""));
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        if (isOpenAi)
        {
            await SseResponse.EndUncleanAsync(context, time);
        }
    }
}
