using System.Globalization;
using Sluice.Chat;

namespace Sluice.Limits;

/// <summary>How much of its limits someone uses: a caller, or a model. Not safe for several threads.</summary>
/// <remarks>
/// What answers under way are expected to cost is held apart from what has been used: it counts as long as they run, and then what they did cost leaks like
/// everything else. So a minute never sees more than the limit and what has leaked, however late an answer ends.
/// </remarks>
/// <param name="account">Its account in the book.</param>
/// <param name="whose">Whose limits these are, for a sentence: <c>your</c>, or <c>the model's</c> with its name.</param>
/// <param name="book">Where its spending stands.</param>
internal sealed class Meter(string account, string whose, SpendingBook book)
{
    private RateBucket _requests;
    private RateBucket _tokens;
    private int _active;
    private Demand _expected;
    private CallerLimits _limits = new();

    /// <summary>Its account in the book.</summary>
    public string Account => account;

    /// <summary>How many answers run.</summary>
    public int Active => _active;

    /// <summary>What these are expected to cost.</summary>
    public Demand Expected => _expected;

    /// <summary>Brings it up to date. Call before anything else.</summary>
    /// <param name="limits">The limits in force; null for those of the last time.</param>
    /// <param name="ticks">See <see cref="Moment.Ticks"/>.</param>
    public void Turn(CallerLimits? limits, long ticks)
    {
        _limits = limits ?? _limits;
        _requests.Leak(_limits.RequestsPerMinute, ticks);
        _tokens.Leak(_limits.TokensPerMinute, ticks);
    }

    /// <summary>Brings it up to date, and says whether it is as if it were new.</summary>
    public bool TurnsIdle(long ticks)
    {
        Turn(limits: null, ticks);
        return _active == 0 && _expected == default && _requests.IsEmpty && _tokens.IsEmpty;
    }

    /// <summary>Why a question is not let in now; null where it is. Of several reasons the one that lasts longest.</summary>
    public Refusal? Check(Demand demand, Moment now)
    {
        if (Budget(now) is { } spent)
        {
            return spent;
        }

        var requests = _limits.RequestsPerMinute is { } perMinute ? _requests.Wait(1, perMinute) : 0;
        var tokens = _limits.TokensPerMinute is { } most ? TokenWait(demand.Tokens, most) : 0;
        return requests > 0 && requests >= tokens ? Refusal.PerMinute("requests", Text($"Reached: {whose} limit of {_limits.RequestsPerMinute:N0} requests per minute."), requests)
            : tokens > 0 ? Refusal.PerMinute("tokens", Text($"Reached: {whose} limit of {_limits.TokensPerMinute:N0} tokens per minute, of which this question may need {demand.Tokens:N0}."), tokens)
            : _active >= _limits.ConcurrentStreams ? new Refusal("streams", Text($"Reached: {whose} limit of {_limits.ConcurrentStreams:N0} answers at once."), Wait: null)
            : null;
    }

    /// <summary>Lets a question in.</summary>
    public void Take(Demand demand)
    {
        _requests.Add(1);
        _active++;
        _expected = new Demand(_expected.Tokens + demand.Tokens, _expected.Cost + demand.Cost);
    }

    /// <summary>Nothing more is expected of a question.</summary>
    public void Release(Demand demand) => _expected = new Demand(_expected.Tokens - demand.Tokens, _expected.Cost - demand.Cost);

    /// <summary>Books what an answer has really cost.</summary>
    public void Charge(long tokens, decimal cost, DateOnly today)
    {
        _tokens.Add(tokens);
        book.Add(account, today, tokens, cost);
    }

    /// <summary>An answer has ended.</summary>
    public void Leave() => _active--;

    /// <summary>What is left of the limits per minute.</summary>
    public LimitReport Look() => new(
        _limits.RequestsPerMinute is { } requests ? State(requests, _requests.Room(requests), _requests.Wait(requests, requests)) : null,
        _limits.TokensPerMinute is { } tokens ? State(tokens, _tokens.Room(tokens) - _expected.Tokens, _tokens.Wait(tokens, tokens)) : null);

    private static LimitState State(long limit, long room, long wait) => new(limit, Math.Max(0, room), TimeSpan.FromTicks(wait));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // A question that may need more than there is in a minute is let in when nothing else is under way: what it does need is booked in the end.
    private long TokenWait(long tokens, int perMinute)
    {
        var amount = Math.Min(tokens, perMinute);
        return _expected.Tokens + amount <= perMinute
            ? _tokens.Wait(_expected.Tokens + amount, perMinute)
            : Math.Max(TimeSpan.TicksPerSecond, _tokens.Wait(amount, perMinute));
    }

    private Refusal? Budget(Moment now)
    {
        if (_limits is { TokensPerDay: null, TokensPerMonth: null, CostPerDay: null, CostPerMonth: null })
        {
            return null;
        }

        // What runs counts as spent; the last question that is let in may cost more than is left.
        var spent = book.Look(account, now.Day);
        return spent.MonthTokens + _expected.Tokens >= _limits.TokensPerMonth ? Spent("tokens_per_month", $"{_limits.TokensPerMonth:N0} tokens a month", now.ToNextMonth)
            : spent.MonthCost + _expected.Cost >= _limits.CostPerMonth ? Spent("cost_per_month", $"{_limits.CostPerMonth} a month", now.ToNextMonth)
            : spent.DayTokens + _expected.Tokens >= _limits.TokensPerDay ? Spent("tokens_per_day", $"{_limits.TokensPerDay:N0} tokens a day", now.ToNextDay)
            : spent.DayCost + _expected.Cost >= _limits.CostPerDay ? Spent("cost_per_day", $"{_limits.CostPerDay} a day", now.ToNextDay)
            : null;
    }

    private Refusal Spent(string limit, FormattableString budget, TimeSpan wait) => new(limit, $"Spent: {whose} budget of {Text(budget)}.", wait, IsSpent: true);
}
