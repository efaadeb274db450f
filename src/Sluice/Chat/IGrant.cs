namespace Sluice.Chat;

/// <summary>What one question has been granted: a place among the answers that run, and tokens.</summary>
/// <remarks>Disposing gives the place back, and the tokens too where nothing was settled. Safe for many threads; the first of several calls counts.</remarks>
internal interface IGrant : IDisposable
{
    /// <summary>Puts what the answer has really cost in the place of what was expected.</summary>
    /// <param name="input">Tokens of the question.</param>
    /// <param name="cachedInput">How many of these came out of the upstream's cache.</param>
    /// <param name="output">Tokens of the answer.</param>
    void Settle(long input, long cachedInput, long output);
}
