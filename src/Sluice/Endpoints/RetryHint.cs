using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Sluice.Sse;

namespace Sluice.Endpoints;

/// <summary>Tells an EventSource when to come back: <c>retry:</c> and a close. Jittered, so that not all come at once.</summary>
internal static class RetryHint
{
    private const int MinMilliseconds = 1000;
    private const int MaxMilliseconds = 3000;

    /// <summary>Writes the line. It leaves with the next flush.</summary>
    /// <param name="context">The request.</param>
    /// <param name="after">A pause that has to pass before.</param>
    public static void Write(HttpContext context, TimeSpan after = default) =>
        SseWriter.WriteRetry(context.Response.BodyWriter, after + TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(MinMilliseconds, MaxMilliseconds + 1)));

    /// <summary>Writes the line, and sends it.</summary>
    public static async Task SendAsync(HttpContext context, TimeSpan after = default)
    {
        Write(context, after);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
