using System.Globalization;
using Sluice.Chat;

namespace Sluice.Limits;

/// <summary>Why a question is not let in.</summary>
/// <param name="Limit">The limit in a word, for metrics: a fixed few.</param>
/// <param name="Sentence">What is reached.</param>
/// <param name="Wait">When to come back; null where nobody can say.</param>
/// <param name="IsSpent">Whether a budget is spent, so that asking again soon is of no use.</param>
internal sealed record Refusal(string Limit, string Sentence, TimeSpan? Wait, bool IsSpent = false)
{
    /// <summary>A limit per minute is reached.</summary>
    /// <param name="limit">Its word.</param>
    /// <param name="sentence">What is reached.</param>
    /// <param name="ticks">When to come back.</param>
    public static Refusal PerMinute(string limit, string sentence, long ticks) => new(limit, sentence, TimeSpan.FromTicks(ticks));

    /// <summary>As clients are told.</summary>
    /// <param name="now">When that is.</param>
    public ChatProviderException ToException(DateTimeOffset now)
    {
        var when = IsSpent ? string.Create(CultureInfo.InvariantCulture, $"It begins anew on {now + Wait!.Value:yyyy-MM-dd} at 00:00 UTC.")
            : Wait is { } wait ? string.Create(CultureInfo.InvariantCulture, $"Ask again in {Math.Max(1, Math.Ceiling(wait.TotalSeconds)):0} s.")
            : "Ask again when one of them has ended.";
        return new(IsSpent ? ChatErrorKind.QuotaSpent : ChatErrorKind.LimitReached, $"{Sentence} {when}") { RetryAfter = Wait };
    }
}
