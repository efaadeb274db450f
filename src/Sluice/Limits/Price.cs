using System.Runtime.InteropServices;

namespace Sluice.Limits;

/// <summary>What a model's tokens cost, in whatever unit the budgets are in.</summary>
/// <param name="Input">A million tokens of questions.</param>
/// <param name="CachedInput">A million of those that came out of the upstream's cache.</param>
/// <param name="Output">A million tokens of answers.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Price(decimal Input, decimal CachedInput, decimal Output)
{
    private const decimal Million = 1_000_000m;

    /// <summary>What an answer costs.</summary>
    /// <param name="input">Tokens of the question.</param>
    /// <param name="cachedInput">How many of these were cached; at most all of them count.</param>
    /// <param name="output">Tokens of the answer.</param>
    public decimal Of(long input, long cachedInput, long output)
    {
        var cached = Math.Min(input, cachedInput);
        return (((input - cached) * Input) + (cached * CachedInput) + (output * Output)) / Million;
    }
}
