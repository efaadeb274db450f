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
    public static void Write(HttpContext context) =>
        SseWriter.WriteRetry(context.Response.BodyWriter, TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(MinMilliseconds, MaxMilliseconds + 1)));

    public static async Task SendAsync(HttpContext context)
    {
        Write(context);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }
}
