using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>What a failure before the commit point means for the question: ask the same target again, another one, or nobody.</summary>
internal static class RetryPolicy
{
    /// <summary>Whether the same target may answer if it is asked again in a moment. What took too long is not asked to take as long again.</summary>
    public static bool IsWorthRetrying(ChatProviderException error) => error.IsRetryable
        && error.Kind is ChatErrorKind.Connect or ChatErrorKind.RateLimited or ChatErrorKind.Upstream or ChatErrorKind.Truncated or ChatErrorKind.Malformed;

    /// <summary>Whether another target may answer. A request that is wrong, or refused for what it says, is not carried from door to door.</summary>
    public static bool IsWorthFailingOver(ChatProviderException error) => error.Kind is not (ChatErrorKind.InvalidRequest or ChatErrorKind.Stopping);

    /// <summary>The pause before a retry.</summary>
    /// <param name="options">The bounds.</param>
    /// <param name="error">What the last try failed with.</param>
    /// <param name="tries">How many tries there were at this target.</param>
    /// <param name="random">Between 0 and 1, drawn anew.</param>
    /// <returns>Null where the target asks for a longer pause than is waited.</returns>
    public static TimeSpan? Pause(RetryOptions options, ChatProviderException error, int tries, double random)
    {
        if (error.RetryAfter is { } asked)
        {
            // A little later than asked for, each at another time: all who were sent away were told the same.
            return asked > options.MaxRetryAfter ? null : asked + (options.BaseDelay * random);
        }

        // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        var ceiling = options.BaseDelay.TotalSeconds * Math.Pow(2, tries - 1);
        return TimeSpan.FromSeconds(Math.Min(ceiling, options.MaxDelay.TotalSeconds) * random);
    }
}
