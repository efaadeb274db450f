namespace Sluice.Chat;

/// <summary>An upstream call failed. The one error that providers and pipeline steps speak.</summary>
/// <param name="kind">How it failed.</param>
/// <param name="message">What happened and, where there is one, the fix: shown to clients, so without secrets.</param>
/// <param name="innerException">The cause, for the log only.</param>
public sealed class ChatProviderException(ChatErrorKind kind, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    /// <summary>How it failed.</summary>
    public ChatErrorKind Kind { get; } = kind;

    /// <summary>The HTTP status that the upstream answered with, or null where none came.</summary>
    public int? UpstreamStatus { get; init; }

    /// <summary>How long the upstream asked to wait before the next try.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The upstream's own error code (such as <c>context_length_exceeded</c>), where it gave one of letters, digits, <c>_ . -</c>.</summary>
    public string? UpstreamCode { get; init; }

    /// <summary>Whether the message is the upstream's own: it may quote what was asked, and is not for the log.</summary>
    internal bool IsUpstreamText { get; init; }

    /// <summary>The request field that the upstream named as the wrong one.</summary>
    public string? Param { get; init; }

    /// <summary>Whether the same question may succeed at another time or at another upstream.</summary>
    public bool IsRetryable { get; init; } = kind is not (ChatErrorKind.InvalidRequest or ChatErrorKind.BudgetExhausted
        or ChatErrorKind.Unauthorized or ChatErrorKind.ModelNotFound or ChatErrorKind.AnswerTooLarge or ChatErrorKind.QuotaSpent
        or ChatErrorKind.KeyRevoked or ChatErrorKind.KeyExpired or ChatErrorKind.Internal);

    /// <summary>The code that clients see: the upstream's own for a wrong request, else one word per <see cref="Kind"/>.</summary>
    public string Code => Kind switch
    {
        ChatErrorKind.InvalidRequest => UpstreamCode ?? "invalid_request",
        ChatErrorKind.ModelNotFound => "model_not_found",
        ChatErrorKind.Connect => "upstream_unreachable",
        ChatErrorKind.ConnectTimeout => "upstream_connect_timeout",
        ChatErrorKind.HeadersTimeout => "upstream_headers_timeout",
        ChatErrorKind.FirstTokenTimeout => "upstream_first_token_timeout",
        ChatErrorKind.IdleTimeout => "upstream_idle_timeout",
        ChatErrorKind.CompletionTimeout => "upstream_timeout",
        ChatErrorKind.RateLimited => "rate_limited",
        ChatErrorKind.BudgetExhausted => "budget_exhausted",
        ChatErrorKind.Unauthorized => "upstream_unauthorized",
        ChatErrorKind.Truncated => "upstream_truncated",
        ChatErrorKind.Malformed => "upstream_malformed",
        ChatErrorKind.TooLarge => "upstream_event_too_large",
        ChatErrorKind.Redirect => "upstream_redirect",
        ChatErrorKind.WrongContentType => "upstream_wrong_content_type",
        ChatErrorKind.UnexpectedResponse => "upstream_unexpected_response",
        ChatErrorKind.AnswerTooLarge => "answer_too_large",
        ChatErrorKind.Stopping => "server_stopping",
        ChatErrorKind.Overloaded => "overloaded",
        ChatErrorKind.LimitReached => "rate_limit_exceeded",
        ChatErrorKind.QuotaSpent => "insufficient_quota",
        ChatErrorKind.Unavailable => "no_target_available",
        ChatErrorKind.KeyRevoked => "key_revoked",
        ChatErrorKind.KeyExpired => "key_expired",
        ChatErrorKind.Internal => "internal_error",
        _ => "upstream_error",
    };

    /// <summary><see cref="Code"/> for metrics: one of few words, whatever an upstream may say.</summary>
    internal string Label => Kind == ChatErrorKind.InvalidRequest ? "invalid_request" : Code;

    /// <summary>The HTTP status for a client that has not been answered yet.</summary>
    public int Status => Kind switch
    {
        ChatErrorKind.InvalidRequest => UpstreamStatus is 413 or 422 ? UpstreamStatus.Value : 400,
        ChatErrorKind.ModelNotFound => 404,
        ChatErrorKind.KeyRevoked or ChatErrorKind.KeyExpired => 401,
        ChatErrorKind.RateLimited or ChatErrorKind.BudgetExhausted or ChatErrorKind.LimitReached or ChatErrorKind.QuotaSpent => 429,
        ChatErrorKind.ConnectTimeout or ChatErrorKind.HeadersTimeout or ChatErrorKind.FirstTokenTimeout
            or ChatErrorKind.IdleTimeout or ChatErrorKind.CompletionTimeout => 504,
        ChatErrorKind.Stopping or ChatErrorKind.Overloaded or ChatErrorKind.Unavailable => 503,
        ChatErrorKind.Internal => 500,
        _ => UpstreamStatus == 503 ? 503 : 502,
    };

    /// <summary>The upstream ended an answer that was not whole.</summary>
    internal static ChatProviderException Truncated() => new(ChatErrorKind.Truncated, "The answer broke off: the upstream ended it without saying that it is done.");

    /// <summary>What clients are told of a provider's own defect.</summary>
    internal static ChatProviderException Defect(Exception cause) =>
        new(ChatErrorKind.Internal, "The provider failed in a way it should not have; the server's log says how.", cause);

    /// <summary>The error type in OpenAI's words.</summary>
    public string Type => Kind switch
    {
        ChatErrorKind.InvalidRequest or ChatErrorKind.ModelNotFound => "invalid_request_error",
        ChatErrorKind.RateLimited or ChatErrorKind.LimitReached => "rate_limit_error",
        ChatErrorKind.BudgetExhausted or ChatErrorKind.QuotaSpent => "insufficient_quota",
        ChatErrorKind.KeyRevoked or ChatErrorKind.KeyExpired => "authentication_error",
        ChatErrorKind.Internal or ChatErrorKind.Stopping or ChatErrorKind.Overloaded or ChatErrorKind.Unavailable => "server_error",
        _ => "upstream_error",
    };
}
