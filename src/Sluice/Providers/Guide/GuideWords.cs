namespace Sluice.Providers.Guide;

/// <summary>Cuts text into the terms that a search compares: English words down to their stems, Chinese as pairs of characters.</summary>
internal static class GuideWords
{
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

    /// <summary>The terms of a document's text. A name such as FirstToken or api_key counts as a whole and as its parts.</summary>
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
    /// <param name="question">The question.</param>
    /// <param name="isKnown">Whether a stem means anything to the search.</param>
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

            if (run.Contains('_', StringComparison.Ordinal))
            {
                terms.AddRange(Parts(run).Append(run).Select(Term).OfType<string>().Where(isKnown));
            }
            else if (Term(run) is { } term)
            {
                terms.Add(term);
            }

            if (previous is not null && Joined(previous, run) is var joined && isKnown(joined))
            {
                terms.Add(joined);
            }

            previous = run;
        }

        return [.. terms.Distinct(StringComparer.Ordinal)];
    }

    // "times out" is a timeout too.
    private static string Joined(string first, string second) =>
        GuideStemmer.Stem(((first.Length > 3 ? first.TrimEnd('s') : first) + second).ToLowerInvariant());

    private static string? Term(string word)
    {
        var lower = word.ToLowerInvariant();
        return lower.Length < 2 || GuideStopWords.English.Contains(lower) ? null : GuideStemmer.Stem(lower);
    }

    // Words of letters, digits and underscores, and runs of Chinese characters between stop words.
    private static IEnumerable<string> Runs(string text)
    {
        var start = 0;
        while (start < text.Length)
        {
            var isHan = IsHan(text[start]);
            var end = start;
            while (end < text.Length && (text[end] == '_' || char.IsLetterOrDigit(text[end])) && IsHan(text[end]) == isHan)
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

            foreach (var part in run.Split(GuideStopWords.Chinese, StringSplitOptions.RemoveEmptyEntries))
            {
                yield return part;
            }
        }
    }

    // A single character is left out: it stands in too many words to tell anything.
    private static IEnumerable<string> Pairs(string run)
    {
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
            var isEnd = i == word.Length
                ? start > 0
                : word[i] == '_' || word[i - 1] == '_' || (char.IsUpper(word[i]) && char.IsLower(word[i - 1]));
            if (isEnd)
            {
                yield return word[start..i];
                start = i;
            }
        }
    }
}
