namespace Sluice.Chat;

/// <summary>How an upstream call failed. Decides the HTTP status, the wire code and whether another try may help.</summary>
public enum ChatErrorKind
{
    /// <summary>No connection: refused, reset, name not found, TLS failed.</summary>
    Connect,

    /// <summary>No connection within <c>Timeouts:Connect</c>.</summary>
    ConnectTimeout,

    /// <summary>No response headers within <c>Timeouts:Headers</c>.</summary>
    HeadersTimeout,

    /// <summary>No token within <c>Timeouts:FirstToken</c>.</summary>
    FirstTokenTimeout,

    /// <summary>Silence in mid-answer for longer than <c>Timeouts:Idle</c>.</summary>
    IdleTimeout,

    /// <summary>An answer that is not streamed took longer than <c>Timeouts:NonStreaming</c>.</summary>
    CompletionTimeout,

    /// <summary>The upstream says that it is asked too often or is too busy (429); later may help.</summary>
    RateLimited,

    /// <summary>The upstream says that the money is used up (429); later does not help.</summary>
    BudgetExhausted,

    /// <summary>The upstream does not take Sluice's key (401, 403).</summary>
    Unauthorized,

    /// <summary>The upstream finds the request wrong (400, 413, 422): the client's to mend.</summary>
    InvalidRequest,

    /// <summary>The upstream does not have the model (404).</summary>
    ModelNotFound,

    /// <summary>The upstream failed (5xx), or reported a failure inside the stream.</summary>
    Upstream,

    /// <summary>The answer broke off before the model had said that it is done.</summary>
    Truncated,

    /// <summary>Too many chunks were not JSON.</summary>
    Malformed,

    /// <summary>One event was larger than <c>MaxEventBytes</c>.</summary>
    TooLarge,

    /// <summary>A redirect (3xx), which is not followed.</summary>
    Redirect,

    /// <summary>Another content type than was asked for: a web page, a single JSON body instead of a stream.</summary>
    WrongContentType,

    /// <summary>Not an answer of this dialect at all: not JSON, in an encoding that nobody asked for.</summary>
    UnexpectedResponse,

    /// <summary>The answer's text is larger than the server keeps of one answer.</summary>
    AnswerTooLarge,

    /// <summary>The server itself is stopping and could not finish the answer.</summary>
    Stopping,

    /// <summary>The server itself carries as many answers as it can.</summary>
    Overloaded,

    /// <summary>The caller, or all callers of the model together, have asked as much as they may for now; later helps.</summary>
    LimitReached,

    /// <summary>The caller's budget, or the model's, is spent; only another day or month helps.</summary>
    QuotaSpent,

    /// <summary>Nobody who could answer is to be had: all failed, or failed so often lately that they are not asked for a while.</summary>
    Unavailable,

    /// <summary>The key that asked has been revoked.</summary>
    KeyRevoked,

    /// <summary>The key that asked has expired.</summary>
    KeyExpired,

    /// <summary>A provider failed in a way that is a defect of its own.</summary>
    Internal,
}
