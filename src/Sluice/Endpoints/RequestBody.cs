using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>Reads a request body whole, up to a bound.</summary>
internal static class RequestBody
{
    private const int UsualBytes = 4096;

    /// <returns>The body, the caller's to keep.</returns>
    /// <exception cref="ChatRequestException">It is too large, or broken.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(HttpContext context, int maxBytes)
    {
        // The bound is kept here, so that the answer has the shape that clients parse.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        if (context.Request.ContentLength > maxBytes)
        {
            throw TooLarge(maxBytes);
        }

        try
        {
            // Grows with what really arrives; a client that only announces a lot costs nothing. A usual question fits to the byte: it is kept as long as its answer.
            var body = new MemoryStream((int)Math.Min(context.Request.ContentLength ?? 0, UsualBytes));
            while (true)
            {
                var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
                if (body.Length + read.Buffer.Length > maxBytes)
                {
                    // A read that is left open would keep the server from finishing with the rest of the body.
                    context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                    throw TooLarge(maxBytes);
                }

                foreach (var piece in read.Buffer)
                {
                    body.Write(piece.Span);
                }

                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return body.Capacity - body.Length <= body.Length / 8 ? body.GetBuffer().AsMemory(0, (int)body.Length) : body.ToArray();
                }
            }
        }
        catch (BadHttpRequestException e)
        {
            throw new ChatRequestException($"The body could not be read: {e.Message}") { Status = e.StatusCode, Code = "invalid_body" };
        }
        catch (IOException)
        {
            // The connection broke, which is the client's doing and no failure of the server. Nobody reads this answer.
            throw new ChatRequestException("The body broke off.") { Code = "invalid_body" };
        }
    }

    private static ChatRequestException TooLarge(int maxBytes) =>
        new($"The body is larger than {maxBytes} bytes. Send less, or raise Sluice:Limits:MaxRequestBytes.") { Status = 413, Code = "request_too_large" };
}
