using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sluice.Chat;

namespace Sluice.Endpoints;

/// <summary>Errors as HTTP answers, in OpenAI's shape. Only before anything else was answered.</summary>
internal static class ErrorResponse
{
    private static readonly TimeSpan DefaultRetryAfter = TimeSpan.FromSeconds(1);

    public static Task WriteAsync(HttpContext context, ChatRequestException error) =>
        WriteAsync(context, error.Status, ChatErrorJson.Write(error.Message, error.Status == 403 ? "permission_error" : "invalid_request_error", error.Code, error.Param).ToArray());

    public static Task WriteAsync(HttpContext context, ChatProviderException error)
    {
        if (error.RetryAfter is not null || (error.Status is 429 or 503 && error.IsRetryable))
        {
            RetryAfter(context, error.RetryAfter ?? DefaultRetryAfter);
        }

        if (error.Kind == ChatErrorKind.QuotaSpent)
        {
            // OpenAI's SDKs ask a 429 again, unless they are told that it is of no use.
            context.Response.Headers["x-should-retry"] = "false";
        }

        return WriteAsync(context, error.Status, ChatErrorJson.Write(error).ToArray());
    }

    public static Task ModelNotFoundAsync(HttpContext context, string message) =>
        WriteAsync(context, new ChatRequestException(message) { Status = 404, Code = "model_not_found", Param = "model" });

    private static Task WriteAsync(HttpContext context, int status, byte[] json)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        return context.Response.Body.WriteAsync(json, 0, json.Length, context.RequestAborted);
    }

    private static void RetryAfter(HttpContext context, TimeSpan pause) =>
        context.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(pause.TotalSeconds)).ToString("0", CultureInfo.InvariantCulture);
}
