namespace Sluice.Providers.Guide;

/// <summary>Cuts an answer into the pieces that it is streamed in: a word with the white space behind it, or two Chinese characters.</summary>
internal static class GuidePieces
{
    /// <summary>Where the piece that begins at <paramref name="start"/> ends. Never inside a character.</summary>
    public static int End(string text, int start)
    {
        var end = start;
        if (GuideWords.IsHan(text[start]))
        {
            end += start + 1 < text.Length && GuideWords.IsHan(text[start + 1]) ? 2 : 1;
        }

        while (end < text.Length && !char.IsWhiteSpace(text[end]) && !GuideWords.IsHan(text[end]))
        {
            end++;
        }

        while (end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return end;
    }

    /// <summary>How many pieces a text has: what the guide counts as tokens.</summary>
    public static int Count(string text)
    {
        var count = 0;
        for (var start = 0; start < text.Length; start = End(text, start))
        {
            count++;
        }

        return count;
    }
}
