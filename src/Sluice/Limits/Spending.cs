using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>What one account has spent on one day.</summary>
/// <param name="Account">Whose: <c>caller:</c> and the caller's identifier, or <c>model:</c> and the model's name.</param>
/// <param name="Day">The day, in UTC.</param>
/// <param name="Tokens">Tokens of questions and answers.</param>
/// <param name="Cost">What they cost, in the unit of the price table.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Spending(string Account, DateOnly Day, long Tokens, decimal Cost);
