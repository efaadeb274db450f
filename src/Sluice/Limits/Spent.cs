using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>What an account has spent up to now.</summary>
/// <param name="DayTokens">Tokens of this day.</param>
/// <param name="MonthTokens">Tokens of this month.</param>
/// <param name="DayCost">Cost of this day.</param>
/// <param name="MonthCost">Cost of this month.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Spent(long DayTokens, long MonthTokens, decimal DayCost, decimal MonthCost);
