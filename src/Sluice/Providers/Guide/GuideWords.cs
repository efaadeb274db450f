using System.Collections.Frozen;

namespace Sluice.Providers.Guide;

/// <summary>Cuts text into the terms that a search compares: English words down to their stems, Chinese as pairs of characters.</summary>
internal static class GuideWords
{
    private static readonly FrozenSet<string> StopWords = FrozenSet.Create(StringComparer.Ordinal,
        "a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do", "does", "for",
        "from", "get", "give", "got", "had", "has", "have", "he", "her", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me",
        "mean", "my", "need", "no", "not", "of", "on", "one", "or", "our", "out", "please", "shall", "she", "should", "show", "so", "some",
        "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "to", "up", "us", "use", "used", "using", "want", "was", "way", "we",
        "were", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your", "sluice");

    // Longer ones first: each breaks a run of characters in two.
    private static readonly string[] ChineseStops =
    [
        "是什么意思", "怎么样", "怎么办", "为什么", "有什么", "是什么", "有哪些", "什么", "怎么", "怎样", "如何", "哪些", "哪里", "请问", "可以", "能否", "是否",
        "这个", "那个", "一个", "一首", "关于", "多少", "我们", "你们", "的", "了", "吗", "呢", "是", "我", "你", "在", "和", "与", "把", "给", "就", "都", "也", "很", "请", "到", "想", "要", "会", "有", "吧",
    ];

    /// <summary>Whether a text is asked or written in Chinese: it holds at least one Chinese character.</summary>
    public static bool IsChinese(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (IsHan(c))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a character is a Chinese one (CJK Unified Ideographs and Extension A).</summary>
    public static bool IsHan(char c) => c is (>= '\u4E00' and <= '\u9FFF') or (>= '\u3400' and <= '\u4DBF');

    /// <summary>Whether a term is a pair of Chinese characters.</summary>
    public static bool IsHanTerm(string term) => IsHan(term[0]);

    /// <summary>The terms of a document's text. A name such as FirstToken counts as a whole and as its parts.</summary>
    public static IEnumerable<string> OfText(string text)
    {
        foreach (var run in Runs(text))
        {
            if (IsHan(run[0]))
            {
                foreach (var pair in Pairs(run))
                {
                    yield return pair;
                }

                continue;
            }

            if (Term(run) is { } term)
            {
                yield return term;
            }

            foreach (var part in Parts(run))
            {
                if (Term(part) is { } partTerm)
                {
                    yield return partTerm;
                }
            }
        }
    }

    /// <summary>The terms of a question, each once. Two words that the documents write as one ("time out", "deep seek") count as that one too.</summary>
    public static IReadOnlyCollection<string> OfQuestion(string question, Func<string, bool> isKnown)
    {
        var terms = new List<string>();
        string? previous = null;
        foreach (var run in Runs(question))
        {
            if (IsHan(run[0]))
            {
                terms.AddRange(Pairs(run));
                previous = null;
                continue;
            }

            if (Term(run) is { } term)
            {
                terms.Add(term);
            }

            if (previous is not null && GuideStemmer.Stem((previous.TrimEnd('s') + run).ToLowerInvariant()) is var joined && isKnown(joined))
            {
                terms.Add(joined);
            }

            previous = run;
        }

        return [.. terms.Distinct(StringComparer.Ordinal)];
    }

    private static string? Term(string word)
    {
        var lower = word.ToLowerInvariant();
        return lower.Length < 2 || StopWords.Contains(lower) ? null : GuideStemmer.Stem(lower);
    }

    // Words of letters and digits, and runs of Chinese characters between stop words.
    private static IEnumerable<string> Runs(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var isHan = IsHan(text[start]);
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]) && IsHan(text[end]) == isHan)
            {
                end++;
            }

            if (end == start)
            {
                start++;
                continue;
            }

            var run = text[start..end];
            start = end;
            if (!isHan)
            {
                yield return run;
                continue;
            }

            foreach (var part in run.Split(ChineseStops, StringSplitOptions.RemoveEmptyEntries))
            {
                yield return part;
            }
        }
    }

    private static IEnumerable<string> Pairs(string run)
    {
        if (run.Length == 1)
        {
            yield return run;
        }

        for (var i = 0; i + 1 < run.Length; i++)
        {
            yield return run.Substring(i, 2);
        }
    }

    private static IEnumerable<string> Parts(string word)
    {
        var start = 0;
        for (var i = 1; i <= word.Length; i++)
        {
            if (i < word.Length ? char.IsUpper(word[i]) && char.IsLower(word[i - 1]) : start > 0)
            {
                yield return word[start..i];
                start = i;
            }
        }
    }
}
