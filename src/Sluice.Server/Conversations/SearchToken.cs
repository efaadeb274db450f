namespace Sluice.Server.Conversations;

/// <summary>A word of a text, as it is searched for.</summary>
/// <param name="Text">The word: lower case, without accents, in plain width. Letters and digits only.</param>
/// <param name="Start">Where it begins in the text.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="IsSingle">Whether it is a character of a script that puts no spaces between words.</param>
internal readonly record struct SearchToken(string Text, int Start, int Length, bool IsSingle)
{
    /// <summary>The place behind it.</summary>
    public int End => Start + Length;
}
