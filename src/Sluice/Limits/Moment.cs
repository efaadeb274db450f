using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>A point in time, as limits need it.</summary>
/// <param name="Ticks">Of a clock that never goes back: for limits per minute.</param>
/// <param name="Utc">Of the calendar: for budgets.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Moment(long Ticks, DateTimeOffset Utc)
{
    /// <summary>The day, in UTC.</summary>
    public DateOnly Day => DateOnly.FromDateTime(Utc.UtcDateTime);

    /// <summary>Until the next day.</summary>
    public TimeSpan ToNextDay => Utc.UtcDateTime.Date.AddDays(1) - Utc.UtcDateTime;

    /// <summary>Until the next month.</summary>
    public TimeSpan ToNextMonth => new DateTime(Utc.Year, Utc.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1) - Utc.UtcDateTime;
}
