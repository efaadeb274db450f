using Sluice.Chat;

namespace Sluice.Hosting;

/// <summary>How much may be asked. What is not set has no limit.</summary>
public sealed class QuotaSettings
{
    /// <summary>Questions in a minute.</summary>
    /// <value>1 to 1,000,000,000.</value>
    public int? RequestsPerMinute { get; set; }

    /// <summary>Tokens in a minute, of questions and answers.</summary>
    /// <value>1 to 1,000,000,000.</value>
    public int? TokensPerMinute { get; set; }

    /// <summary>Answers that may run at once.</summary>
    /// <value>1 to 1,000,000.</value>
    public int? ConcurrentStreams { get; set; }

    /// <summary>Tokens in a day (UTC).</summary>
    /// <value>At least 1.</value>
    public long? TokensPerDay { get; set; }

    /// <summary>Tokens in a month (UTC).</summary>
    /// <value>At least 1.</value>
    public long? TokensPerMonth { get; set; }

    /// <summary>Cost in a day (UTC), in the unit of the prices.</summary>
    /// <value>More than 0.</value>
    public decimal? CostPerDay { get; set; }

    /// <summary>Cost in a month (UTC), in the unit of the prices.</summary>
    /// <value>More than 0.</value>
    public decimal? CostPerMonth { get; set; }

    /// <summary>As the rest of Sluice knows them.</summary>
    internal CallerLimits ToLimits() => new()
    {
        RequestsPerMinute = RequestsPerMinute,
        TokensPerMinute = TokensPerMinute,
        ConcurrentStreams = ConcurrentStreams,
        TokensPerDay = TokensPerDay,
        TokensPerMonth = TokensPerMonth,
        CostPerDay = CostPerDay,
        CostPerMonth = CostPerMonth,
    };
}
