namespace Sluice.Diagnostics;

/// <summary>A number of tokens.</summary>
/// <param name="Tokens">How many.</param>
/// <param name="IsEstimated">Whether nobody has counted them.</param>
internal readonly record struct TokenCount(long Tokens, bool IsEstimated);
