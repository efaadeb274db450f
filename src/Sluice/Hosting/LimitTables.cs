using Sluice.Limits;

namespace Sluice.Hosting;

/// <summary>Limits and prices out of the configuration.</summary>
internal static class LimitTables
{
    /// <summary>The table for a configuration.</summary>
    public static LimitTable Create(SluiceOptions options) => new()
    {
        Everyone = options.Limits.Callers.ToLimits(),
        Models = options.Models.ToDictionary(model => model.Key, model => model.Value.Limits.ToLimits(), StringComparer.Ordinal),
        Prices = options.Models.Where(model => model.Value.Price.IsSet).ToDictionary(model => model.Key, model => model.Value.Price.ToPrice(), StringComparer.Ordinal),
        OtherPrice = options.Price.ToPrice(),
        ExpectedAnswerTokens = options.Limits.ExpectedAnswerTokens,
    };
}
