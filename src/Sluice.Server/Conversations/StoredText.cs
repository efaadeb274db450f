using System.Text;

namespace Sluice.Server.Conversations;

/// <summary>Text as every database takes it.</summary>
internal static class StoredText
{
    private const char Replacement = '\uFFFD';

    /// <summary>The text with U+FFFD for what cannot be kept: U+0000, which PostgreSQL does not take, and halves of characters.</summary>
    public static string Clean(string text)
    {
        var whole = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text;
        return whole.Replace('\0', Replacement);
    }

    /// <summary>The beginning of a text in one line: what a conversation is called until it is given a name.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">How many characters it may have at most.</param>
    public static string Beginning(string text, int most)
    {
        var line = new StringBuilder(most);
        var isCut = false;
        foreach (var rune in text.EnumerateRunes())
        {
            var isSpace = Rune.IsWhiteSpace(rune) || Rune.IsControl(rune);
            if (isSpace && (line.Length == 0 || line[^1] == ' '))
            {
                continue;
            }

            isCut = line.Length + rune.Utf16SequenceLength > most;
            if (isCut)
            {
                break;
            }

            line.Append(isSpace ? " " : rune.ToString());
        }

        var beginning = line.ToString().TrimEnd();
        var word = beginning.LastIndexOf(' ');

        // At a word's end, where one is near.
        return !isCut ? beginning : (word > most / 2 ? beginning[..word] : beginning) + "…";
    }
}
