using System.Globalization;
using System.Text;

namespace Sluice.Server.Conversations;

/// <summary>Splits text into the words that it is found by: the same for what is stored and what is searched for, and for every database.</summary>
/// <remarks>
/// Case, accents of Latin letters and the width of letters (<c>ＡＢＣ</c>) make no difference. Scripts without spaces (Chinese, Japanese, Korean, Thai, ...)
/// are split into single characters, so that every word of them is found as a phrase, however short it is.
/// </remarks>
internal static class SearchText
{
    /// <summary>How long a word may be, in characters; the rest of it is left out.</summary>
    public const int MaxWord = 64;

    /// <summary>How many characters of a text are found, from its beginning on; what stands behind them is kept, but not searched.</summary>
    public const int MaxIndexed = 64 * 1024;

    // Each plain letter, and the letters with accents that are found by it.
    private static readonly Dictionary<int, char> Plain = new[]
    {
        "aàáâãäåāăąǎ", "cçćĉċč", "dďđ", "eèéêëēĕėęěẽ", "gĝğġģǧ", "hĥħ", "iìíîïĩīĭįıǐ", "jĵ", "kķǩ", "lĺļľŀł", "nñńņňǹ", "oòóôõöøōŏőǒ", "rŕŗř", "sśŝşšș", "tţťŧț",
        "uùúûüũūŭůűųǔǖǘǚǜ", "wŵ", "yýÿŷ", "zźżž",
    }.SelectMany(static group => group[1..].Select(letter => KeyValuePair.Create((int)letter, group[0]))).ToDictionary();

    /// <summary>The part of a text that is found.</summary>
    public static string Indexed(string text) => text.Length <= MaxIndexed ? text : text[..MaxIndexed];

    /// <summary>The words of a text, in order.</summary>
    public static IEnumerable<SearchToken> Tokens(string text)
    {
        var word = new StringBuilder();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            // Half of a character is no word.
            var rune = Rune.TryGetRuneAt(text, at, out var whole) ? whole : Rune.ReplacementChar;
            var length = rune.Utf16SequenceLength;
            var folded = Fold(rune);
            var isWord = Rune.IsLetterOrDigit(folded) || Rune.GetUnicodeCategory(folded) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
            if (IsMark(rune))
            {
                // An accent that stands behind its letter: it belongs to the word, and says nothing.
                at += length;
                continue;
            }

            var isSingle = isWord && IsSingle(folded);
            if (word.Length > 0 && (isSingle || !isWord))
            {
                yield return new SearchToken(word.ToString(), start, at - start, IsSingle: false);
                word.Clear();
            }

            if (isSingle)
            {
                yield return new SearchToken(folded.ToString(), at, length, IsSingle: true);
            }
            else if (isWord)
            {
                start = word.Length == 0 ? at : start;
                if (word.Length < MaxWord)
                {
                    word.Append(folded.ToString());
                }
            }

            at += length;
        }

        if (word.Length > 0)
        {
            yield return new SearchToken(word.ToString(), start, text.Length - start, IsSingle: false);
        }
    }

    private static Rune Fold(Rune rune)
    {
        // Letters and digits in the width of Chinese characters: Halfwidth and Fullwidth Forms, U+FF01 to U+FF5E.
        var plain = rune.Value is >= 0xFF01 and <= 0xFF5E ? new Rune(rune.Value - 0xFEE0) : rune;
        var lower = Rune.ToLowerInvariant(plain);
        return lower.Value > 0x7F && Plain.TryGetValue(lower.Value, out var letter) ? new Rune(letter) : lower;
    }

    // U+0300 to U+036F, Combining Diacritical Marks. Marks of other scripts (vowels of Devanagari) are as good as letters.
    private static bool IsMark(Rune rune) => rune.Value is >= 0x300 and <= 0x36F;

    private static bool IsSingle(Rune rune) => rune.Value switch
    {
        < 0x0E00 => false,
        <= 0x0EFF => true, // Thai, Lao
        >= 0x1000 and <= 0x109F => true, // Myanmar
        >= 0x1100 and <= 0x11FF => true, // Hangul Jamo
        >= 0x1780 and <= 0x17FF => true, // Khmer
        >= 0x2E80 and <= 0xD7FF => true, // CJK, Kana, Bopomofo, Hangul
        >= 0xF900 and <= 0xFAFF => true, // CJK Compatibility Ideographs
        >= 0xFF66 and <= 0xFFDC => true, // Kana and Hangul in half width
        >= 0x20000 and <= 0x3FFFF => true, // CJK, further planes
        _ => false,
    };
}
