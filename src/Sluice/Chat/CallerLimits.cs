namespace Sluice.Chat;

/// <summary>How much one caller may ask. What is null is limited as for everyone (<c>Limits:Callers</c>).</summary>
public sealed record CallerLimits
{
    /// <summary>Requests in a minute; at least 1.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens in a minute, of prompts and answers; at least 1.</summary>
    public int? TokensPerMinute { get; init; }

    /// <summary>Answers that may run at once; at least 1.</summary>
    public int? ConcurrentStreams { get; init; }

    /// <summary>Tokens in a day (UTC); at least 1.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>Tokens in a month (UTC); at least 1.</summary>
    public long? TokensPerMonth { get; init; }

    /// <summary>Cost in a day (UTC), in the unit of the price table; more than 0.</summary>
    public decimal? CostPerDay { get; init; }

    /// <summary>Cost in a month (UTC), in the unit of the price table; more than 0.</summary>
    public decimal? CostPerMonth { get; init; }
}
