using System.Globalization;
using Sluice.Chat;

namespace Sluice.Limits;

/// <summary>How much of its limits someone uses: a caller's key, or a model. Not safe for several threads.</summary>
/// <remarks>
/// What answers under way are expected to cost is held apart from what has been used: it counts as long as they run, and then what they did cost leaks like
/// everything else. So a minute never sees more than the limit and what has leaked, however late an answer ends.
/// </remarks>
/// <param name="whose">Whose limits these are, for a sentence: <c>your</c>, or <c>the model's</c> with its name.</param>
/// <param name="purse">What its budgets are measured against; several meters may share it.</param>
internal sealed class Meter(string whose, Purse purse)
{
    private RateBucket _requests;
    private RateBucket _tokens;
    private int _active;
    private long _expected;
    private CallerLimits _limits = new();

    /// <summary>What its budgets are measured against.</summary>
    public Purse Purse => purse;

    /// <summary>How many answers run.</summary>
    public int Active => _active;

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
        return _active == 0 && _expected == 0 && _requests.IsEmpty && _tokens.IsEmpty;
    }

    /// <summary>Why a question is not let in now; null where it is. Of several reasons the one that lasts longest.</summary>
    public Refusal? Check(Demand demand, Moment now)
    {
        if (purse.Check(_limits, now) is { } spent)
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
        _expected += demand.Tokens;
        purse.Take(demand);
    }

    /// <summary>Nothing more is expected of a question.</summary>
    public void Release(Demand demand)
    {
        _expected -= demand.Tokens;
        purse.Release(demand);
    }

    /// <summary>Books what an answer has really cost.</summary>
    public void Charge(long tokens, decimal cost, DateOnly today)
    {
        _tokens.Add(tokens);
        purse.Charge(tokens, cost, today);
    }

    /// <summary>An answer has ended.</summary>
    public void Leave() => _active--;

    /// <summary>What is left of the limits per minute.</summary>
    public LimitReport Look() => new(
        _limits.RequestsPerMinute is { } requests ? State(requests, _requests.Room(requests), _requests.Wait(requests, requests)) : null,
        _limits.TokensPerMinute is { } tokens ? State(tokens, _tokens.Room(tokens) - _expected, _tokens.Wait(tokens, tokens)) : null);

    private static LimitState State(long limit, long room, long wait) => new(limit, Math.Max(0, room), TimeSpan.FromTicks(wait));

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    // A question that may need more than there is in a minute is let in when nothing else is under way: what it does need is booked in the end.
    private long TokenWait(long tokens, int perMinute)
    {
        var amount = Math.Min(tokens, perMinute);
        return _expected + amount <= perMinute
            ? _tokens.Wait(_expected + amount, perMinute)
            : Math.Max(TimeSpan.TicksPerSecond, _tokens.Wait(amount, perMinute));
    }
}
