namespace Sluice.Server.Conversations;

/// <summary>What somebody searches for. Quotes, operators and other signs mean nothing.</summary>
internal sealed class SearchQuery
{
    /// <summary>How many terms count; what stands behind them is left out.</summary>
    public const int MaxTerms = 16;

    /// <summary>How many characters of a script without spaces make one term; longer ones are several.</summary>
    public const int MaxPhrase = 16;

    private const int Before = 40;
    private const int Shown = 160;

    private SearchQuery(List<SearchTerm> terms) => Terms = terms;

    /// <summary>The terms; all have to be found in one text.</summary>
    public IReadOnlyList<SearchTerm> Terms { get; }

    /// <summary>Reads what somebody has typed. The last word may be unfinished.</summary>
    public static SearchQuery Parse(string text)
    {
        var terms = new List<SearchTerm>();
        var phrase = new List<string>();
        var end = -1;
        foreach (var token in SearchText.Tokens(text))
        {
            if (phrase.Count > 0 && (!token.IsSingle || token.Start != end || phrase.Count == MaxPhrase))
            {
                terms.Add(new SearchTerm([.. phrase], IsPrefix: false));
                phrase.Clear();
            }

            end = token.End;
            if (token.IsSingle)
            {
                phrase.Add(token.Text);
            }
            else
            {
                terms.Add(new SearchTerm([token.Text], IsPrefix: token.End == text.Length));
            }
        }

        if (phrase.Count > 0)
        {
            terms.Add(new SearchTerm([.. phrase], IsPrefix: false));
        }

        return new SearchQuery(terms.Count > MaxTerms ? terms[..MaxTerms] : terms);
    }

    /// <summary>The part of a text around the first find, in one line.</summary>
    public string Snippet(string text)
    {
        var tokens = SearchText.Tokens(text).ToList();
        var found = Enumerable.Range(0, tokens.Count).FirstOrDefault(at => Terms.Any(term => Stands(term, tokens, at)), -1);
        var start = found < 0 ? 0 : Math.Max(0, tokens[found].Start - Before);

        // Not in the middle of a word, nor of a character.
        while (start > 0 && start < text.Length && (char.IsLowSurrogate(text[start]) || (start > tokens[found].Start - (Before * 2) && char.IsAsciiLetterOrDigit(text[start - 1]))))
        {
            start--;
        }

        return (start > 0 ? "…" : "") + StoredText.Beginning(text.Substring(start, Math.Min(text.Length - start, 4 * Shown)), Shown);
    }

    private static bool Stands(SearchTerm term, List<SearchToken> tokens, int at)
    {
        for (var i = 0; i < term.Words.Count; i++)
        {
            var isLast = i == term.Words.Count - 1;
            if (at + i >= tokens.Count || !(isLast && term.IsPrefix ? tokens[at + i].Text.StartsWith(term.Words[i], StringComparison.Ordinal) : tokens[at + i].Text == term.Words[i]))
            {
                return false;
            }
        }

        return true;
    }
}
