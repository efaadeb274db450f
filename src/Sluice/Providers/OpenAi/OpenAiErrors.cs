using System.Buffers;
using Sluice.Chat;

namespace Sluice.Providers.OpenAi;

/// <summary>Turns what an OpenAI-compatible upstream says of a failure into a <see cref="ChatProviderException"/>.</summary>
/// <remarks>The upstream's body is mapped, never handed on raw: only its message (bounded, without the key) and its code, where that is one word.
/// Source: https://platform.openai.com/docs/guides/error-codes</remarks>
internal class OpenAiErrors(Secret? apiKey)
{
    private const int MaxMessageChars = 1000;

    private static readonly SearchValues<char> WordChars =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-[]");

    /// <summary>A response that is not a success.</summary>
    /// <param name="response">The response's status and headers.</param>
    /// <param name="body">Its body, as far as it was read.</param>
    public ChatProviderException FromResponse(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            return new ChatProviderException(ChatErrorKind.Redirect,
                $"The upstream answered with a redirect ({status}), which is not followed: it would carry the key elsewhere. Set the provider's BaseUrl to where it leads.")
            { UpstreamStatus = status };
        }

        return Map(UpstreamError.Read(body), status, RetryAfter(response));
    }

    /// <summary>An error object inside a stream, or in the body of a 200.</summary>
    /// <param name="json">The JSON object that holds it.</param>
    public ChatProviderException FromJson(ReadOnlySpan<byte> json)
    {
        var error = UpstreamError.Read(json);
        return Map(error, error.Status ?? 0, retryAfter: null);
    }

    /// <summary>What an upstream's status and error object mean.</summary>
    /// <param name="error">The error object, as far as there was one.</param>
    /// <param name="status">The HTTP status; 0 where the error came inside a stream and named none.</param>
    /// <param name="retryAfter">The Retry-After header.</param>
    protected virtual ChatProviderException Map(UpstreamError error, int status, TimeSpan? retryAfter)
    {
        var kind = status switch
        {
            0 => FromWords(error),
            400 or 413 or 422 => ChatErrorKind.InvalidRequest,
            401 or 403 => IsRefusal(error) ? ChatErrorKind.InvalidRequest : ChatErrorKind.Unauthorized,
            404 => ChatErrorKind.ModelNotFound,
            402 => ChatErrorKind.BudgetExhausted,
            429 => FromWords(error) == ChatErrorKind.BudgetExhausted ? ChatErrorKind.BudgetExhausted : ChatErrorKind.RateLimited,
            _ => ChatErrorKind.Upstream,
        };
        return Create(kind, error, status, retryAfter);
    }

    // What was asked was refused for what it says (OpenRouter does so with a 403): no fault of the key, and not to be carried to another model.
    private static bool IsRefusal(UpstreamError error) => Names(error.Code) || Names(error.Type);

    private static bool Names(string? word) => word is not null
        && (word.Contains("content_filter", StringComparison.OrdinalIgnoreCase) || word.Contains("content_policy", StringComparison.OrdinalIgnoreCase)
            || word.Contains("moderation", StringComparison.OrdinalIgnoreCase));

    // An error inside a stream often names no status: a wrong request must not be asked again for want of a number.
    private static ChatErrorKind FromWords(UpstreamError error) => (error.Type, error.Code) switch
    {
        ("insufficient_quota", _) or (_, "insufficient_quota") => ChatErrorKind.BudgetExhausted,
        ("rate_limit_error", _) or (_, "rate_limit_exceeded") => ChatErrorKind.RateLimited,
        ("authentication_error", _) or (_, "invalid_api_key") => ChatErrorKind.Unauthorized,
        (_, "model_not_found") => ChatErrorKind.ModelNotFound,
        _ when IsRefusal(error) => ChatErrorKind.InvalidRequest,
        ("invalid_request_error", _) or (_, "context_length_exceeded") => ChatErrorKind.InvalidRequest,
        _ => ChatErrorKind.Upstream,
    };

    /// <summary>The exception, with the upstream's own message where it may be shown.</summary>
    protected ChatProviderException Create(ChatErrorKind kind, UpstreamError error, int status, TimeSpan? retryAfter)
    {
        var fallback = kind switch
        {
            ChatErrorKind.Unauthorized => "The upstream does not accept the key that the server is configured with. Check the provider's ApiKey.",
            ChatErrorKind.ModelNotFound => "The upstream does not have this model, or its BaseUrl is wrong.",
            ChatErrorKind.RateLimited => "The upstream is asked too often.",
            ChatErrorKind.BudgetExhausted => "The upstream says that the budget is used up.",
            ChatErrorKind.InvalidRequest => "The upstream refused the request.",
            _ => status == 0 ? "The upstream reported a failure." : $"The upstream failed with status {status}.",
        };

        // What an upstream says of a refused key may quote the key.
        var isOwn = kind == ChatErrorKind.Unauthorized || string.IsNullOrWhiteSpace(error.Message);
        var message = isOwn ? fallback : Clean(error.Message!);
        return new ChatProviderException(kind, message)
        {
            IsUpstreamText = !isOwn,
            UpstreamStatus = status == 0 ? null : status,
            RetryAfter = retryAfter,
            UpstreamCode = Word(error.Code),
            Param = Word(error.Param),
        };
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(values.FirstOrDefault(), System.Globalization.CultureInfo.InvariantCulture, out var ms) && ms is >= 0 and < 1e9)
        {
            return TimeSpan.FromMilliseconds(ms);
        }

        // A point in time counts from the upstream's own clock.
        var wait = response.Headers.RetryAfter?.Delta ?? response.Headers.RetryAfter?.Date - response.Headers.Date;
        wait ??= (int)response.StatusCode is 429 or 503 ? RateLimitReset.Read(response.Headers) : null;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    // One word, in which no key can hide.
    private string? Word(string? text) =>
        text is { Length: > 0 and <= 64 } && !text.AsSpan().ContainsAnyExcept(WordChars) && Redact(text) == text ? text : null;

    private string Redact(string text) => apiKey is null ? text : apiKey.Redact(text);

    private string Clean(string message)
    {
        var text = Redact(message);
        var end = text.Length <= MaxMessageChars || !char.IsHighSurrogate(text[MaxMessageChars - 1]) ? MaxMessageChars : MaxMessageChars - 1;
        text = text.Length > MaxMessageChars ? string.Concat(text.AsSpan(0, end), "…") : text;
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (var i = 0; i < to.Length; i++)
            {
                to[i] = char.IsControl(from[i]) ? ' ' : from[i];
            }
        });
    }
}
