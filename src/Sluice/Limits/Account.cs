namespace Sluice.Limits;

/// <summary>What someone has spent on this day and in this month, in UTC. Not safe for several threads.</summary>
internal sealed class Account
{
    private DateOnly _day;

    /// <summary>Tokens of this day.</summary>
    public long DayTokens { get; private set; }

    /// <summary>Tokens of this month.</summary>
    public long MonthTokens { get; private set; }

    /// <summary>Cost of this day.</summary>
    public decimal DayCost { get; private set; }

    /// <summary>Cost of this month.</summary>
    public decimal MonthCost { get; private set; }

    /// <summary>Begins a new day, or month, where one has begun. A clock that was set back begins none.</summary>
    public void Turn(DateOnly today)
    {
        if (today <= _day)
        {
            return;
        }

        if (today.Month != _day.Month || today.Year != _day.Year)
        {
            (MonthTokens, MonthCost) = (0, 0);
        }

        (DayTokens, DayCost) = (0, 0);
        _day = today;
    }

    /// <summary>Adds what was spent today.</summary>
    public void Add(long tokens, decimal cost)
    {
        (DayTokens, DayCost) = (DayTokens + tokens, DayCost + cost);
        AddEarlier(tokens, cost);
    }

    /// <summary>Adds what was spent on another day of this month.</summary>
    public void AddEarlier(long tokens, decimal cost) => (MonthTokens, MonthCost) = (MonthTokens + tokens, MonthCost + cost);
}
