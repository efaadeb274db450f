using Sluice.Chat;

namespace Sluice.Limits;

/// <summary>The limits and prices in force. Never changed; a reload makes a new one.</summary>
internal sealed record LimitTable
{
    private static readonly CallerLimits None = new();

    /// <summary>What holds for every caller who has no such limit of his own.</summary>
    public CallerLimits Everyone { get; init; } = None;

    /// <summary>What holds for a model, for all callers together, by the names of the configuration. Every configured model is here.</summary>
    public IReadOnlyDictionary<string, CallerLimits> Models { get; init; } = new Dictionary<string, CallerLimits>(StringComparer.Ordinal);

    /// <summary>What models cost, by the names of the configuration.</summary>
    public IReadOnlyDictionary<string, Price> Prices { get; init; } = new Dictionary<string, Price>(StringComparer.Ordinal);

    /// <summary>What every other model costs.</summary>
    public Price OtherPrice { get; init; }

    /// <summary>How many tokens an answer is expected to have where the request sets no bound.</summary>
    public int ExpectedAnswerTokens { get; init; } = 1000;

    /// <summary>A caller's limits: his own, and everyone's where he has none.</summary>
    public CallerLimits Of(Caller caller) => caller.Limits is not { } own ? Everyone : new CallerLimits
    {
        RequestsPerMinute = own.RequestsPerMinute ?? Everyone.RequestsPerMinute,
        TokensPerMinute = own.TokensPerMinute ?? Everyone.TokensPerMinute,
        ConcurrentStreams = own.ConcurrentStreams ?? Everyone.ConcurrentStreams,
        TokensPerDay = own.TokensPerDay ?? Everyone.TokensPerDay,
        TokensPerMonth = own.TokensPerMonth ?? Everyone.TokensPerMonth,
        CostPerDay = own.CostPerDay ?? Everyone.CostPerDay,
        CostPerMonth = own.CostPerMonth ?? Everyone.CostPerMonth,
    };

    /// <summary>What a model costs.</summary>
    public Price PriceOf(string model) => Prices.TryGetValue(model, out var price) ? price : OtherPrice;
}
