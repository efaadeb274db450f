using System.Globalization;
using Sluice.Chat;

namespace Sluice.Limits;

/// <summary>What an owner, or a model, spends: the meters of all keys of an owner have one purse. Not safe for several threads.</summary>
/// <param name="account">Its account in the book.</param>
/// <param name="whose">Whose budgets these are, for a sentence: <c>your</c>, or <c>the model's</c> with its name.</param>
/// <param name="book">Where the spending stands.</param>
internal sealed class Purse(string account, string whose, SpendingBook book)
{
    private Demand _expected;

    /// <summary>Which budget is spent; null where something is left of each.</summary>
    /// <param name="limits">The budgets in force for whoever asks.</param>
    /// <param name="now">The time.</param>
    public Refusal? Check(CallerLimits limits, Moment now)
    {
        if (limits is { TokensPerDay: null, TokensPerMonth: null, CostPerDay: null, CostPerMonth: null })
        {
            return null;
        }

        // What runs counts as spent; the last question that is let in may cost more than is left.
        var spent = book.Look(account, now.Day);
        return spent.MonthTokens + _expected.Tokens >= limits.TokensPerMonth ? Spent("tokens_per_month", $"{limits.TokensPerMonth:N0} tokens a month", now.ToNextMonth)
            : spent.MonthCost + _expected.Cost >= limits.CostPerMonth ? Spent("cost_per_month", $"{limits.CostPerMonth} a month", now.ToNextMonth)
            : spent.DayTokens + _expected.Tokens >= limits.TokensPerDay ? Spent("tokens_per_day", $"{limits.TokensPerDay:N0} tokens a day", now.ToNextDay)
            : spent.DayCost + _expected.Cost >= limits.CostPerDay ? Spent("cost_per_day", $"{limits.CostPerDay} a day", now.ToNextDay)
            : null;
    }

    /// <summary>Lets a question in.</summary>
    public void Take(Demand demand) => _expected = new Demand(_expected.Tokens + demand.Tokens, _expected.Cost + demand.Cost);

    /// <summary>Nothing more is expected of a question.</summary>
    public void Release(Demand demand) => _expected = new Demand(_expected.Tokens - demand.Tokens, _expected.Cost - demand.Cost);

    /// <summary>Books what an answer has really cost.</summary>
    public void Charge(long tokens, decimal cost, DateOnly today) => book.Add(account, today, tokens, cost);

    private Refusal Spent(string limit, FormattableString budget, TimeSpan wait) =>
        new(limit, $"Spent: {whose} budget of {budget.ToString(CultureInfo.InvariantCulture)}.", wait, IsSpent: true);
}
