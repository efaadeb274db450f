using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>What a question is expected to take.</summary>
/// <param name="Tokens">Of the question and the answer; at least 1.</param>
/// <param name="Cost">What these cost.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Demand(long Tokens, decimal Cost);
