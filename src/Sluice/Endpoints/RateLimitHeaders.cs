using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>What is left of the limits per minute, in OpenAI's headers; none where there is no limit.</summary>
/// <remarks>Source: https://platform.openai.com/docs/guides/rate-limits (headers).</remarks>
internal static class RateLimitHeaders
{
    /// <summary>Sets the headers of an answer that has not begun.</summary>
    /// <param name="context">The request.</param>
    /// <param name="admission">Knows the limits.</param>
    /// <param name="request">What was asked.</param>
    public static void Write(HttpContext context, IAdmission admission, ChatRequest request)
    {
        if (context.Response.HasStarted)
        {
            return;
        }

        var report = admission.Look(request);
        if (report.Requests is { } requests)
        {
            context.Response.Headers["x-ratelimit-limit-requests"] = Text(requests.Limit);
            context.Response.Headers["x-ratelimit-remaining-requests"] = Text(requests.Remaining);
            context.Response.Headers["x-ratelimit-reset-requests"] = Text(requests.Reset);
        }

        if (report.Tokens is { } tokens)
        {
            context.Response.Headers["x-ratelimit-limit-tokens"] = Text(tokens.Limit);
            context.Response.Headers["x-ratelimit-remaining-tokens"] = Text(tokens.Remaining);
            context.Response.Headers["x-ratelimit-reset-tokens"] = Text(tokens.Reset);
        }
    }

    /// <summary>A time as OpenAI writes it: <c>250ms</c>, <c>1s</c>, <c>8.64s</c>, <c>6m0s</c>, <c>1h0m0s</c>. Rounded up to the millisecond.</summary>
    internal static string Text(TimeSpan time)
    {
        var milliseconds = (time.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (milliseconds < 1000)
        {
            return milliseconds == 0 ? "0s" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }

        var seconds = string.Create(CultureInfo.InvariantCulture, $"{milliseconds % 60_000 / 1000m:0.###}s");
        var minutes = milliseconds / 60_000;
        return minutes == 0 ? seconds
            : minutes < 60 ? string.Create(CultureInfo.InvariantCulture, $"{minutes}m{seconds}")
            : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60}h{minutes % 60}m{seconds}");
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
