namespace Sluice.Providers.Guide;

/// <summary>Ranks sections by how well they fit a question: Okapi BM25, with headings counting more than text.</summary>
/// <remarks>Deterministic, and read-only once built. Source: Robertson, Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009).</remarks>
internal sealed class GuideSearch
{
    private const double Saturation = 1.2;
    private const double LengthWeight = 0.5;
    private const double HeadingWeight = 5;
    private const double AboveWeight = 1.5;
    private const double SynonymWeight = 0.4;

    // A Chinese question is answered in Chinese where it can be, and from an English page where only that one tells.
    private const double OtherLanguageWeight = 0.6;

    // Half of the character pairs of a Chinese question straddle two words and are found nowhere.
    private const double UnknownPairWeight = 0.3;

    // "Connect Ollama" fits a question about Ollama better than "Anthropic, Gemini and Ollama's own API" does.
    private const double WholeHeadingBonus = 0.5;

    // The share of the question that a section must cover; below it, a hit is a chance one.
    private const double LeastCoverage = 0.4;

    private readonly Dictionary<string, List<Posting>> _postings = new(StringComparer.Ordinal);
    private readonly double[] _lengths;
    private readonly HashSet<string>[] _headings;
    private readonly double _averageLength;

    /// <summary>Indexes a library.</summary>
    public GuideSearch(GuideLibrary library)
    {
        Library = library;
        _lengths = new double[library.Sections.Count];
        _headings = [.. library.Sections.Select(section => GuideWords.OfText(section.Heading).ToHashSet(StringComparer.Ordinal))];
        for (var i = 0; i < _lengths.Length; i++)
        {
            _lengths[i] = Add(i, library.Sections[i]);
        }

        _averageLength = _lengths.DefaultIfEmpty(1).Average();
    }

    /// <summary>What is searched.</summary>
    public GuideLibrary Library { get; }

    /// <summary>The sections that answer a question, best first; empty where none does.</summary>
    /// <param name="question">The question, in English or Chinese.</param>
    /// <param name="count">How many at most.</param>
    public IReadOnlyList<GuideMatch> Find(string question, int count)
    {
        var isChinese = GuideWords.IsChinese(question);
        var scores = new double[_lengths.Length];
        var covered = new double[_lengths.Length];
        var asked = new HashSet<string>(StringComparer.Ordinal);
        var total = 0.0;
        foreach (var term in GuideWords.OfQuestion(question, IsKnown))
        {
            total += AddTerm(term, GuideSynonyms.Of(term), scores, covered);
            asked.Add(term);
            asked.UnionWith(GuideSynonyms.Of(term));
        }

        foreach (var term in isChinese ? GuideSynonyms.English(question) : [])
        {
            AddTerm(term, [], scores, covered);
            asked.Add(term);
        }

        var matches = new List<GuideMatch>();
        for (var i = 0; i < scores.Length; i++)
        {
            var section = Library.Sections[i];
            if (scores[i] == 0 || (section.Document.IsChinese && !isChinese))
            {
                continue;
            }

            // A heading of several words that the question holds as a whole is no chance hit, whatever else is pasted behind it.
            var heading = (double)_headings[i].Count(asked.Contains) / Math.Max(1, _headings[i].Count);
            if (covered[i] >= LeastCoverage * total || (heading == 1 && _headings[i].Count > 1))
            {
                var language = section.Document.IsChinese == isChinese ? 1 : OtherLanguageWeight;
                matches.Add(new GuideMatch(section, scores[i] * (1 + (WholeHeadingBonus * heading)) * language * section.Document.Weight));
            }
        }

        // A stable sort: equal scores stay in the order of the documents.
        return [.. matches.OrderByDescending(match => match.Score).Take(count)];
    }

    private bool IsKnown(string term) => _postings.ContainsKey(term) || GuideSynonyms.Of(term).Length > 0;

    // Returns how much of the question the term is.
    private double AddTerm(string term, string[] synonyms, double[] scores, double[] covered)
    {
        var best = new Dictionary<int, double>();
        Collect(term, 1, best);
        foreach (var synonym in synonyms)
        {
            Collect(synonym, SynonymWeight, best);
        }

        var isKnown = _postings.ContainsKey(term);
        var weight = isKnown ? Rarity(term) : Rarity(null) * (GuideWords.IsHanTerm(term) ? UnknownPairWeight : 1);
        foreach (var (section, score) in best)
        {
            scores[section] += score;
            covered[section] += weight;
        }

        return weight;
    }

    // Of a term and its synonyms the best one counts in each section, so that a page cannot win by saying one thing in five words.
    private void Collect(string term, double weight, Dictionary<int, double> best)
    {
        if (!_postings.TryGetValue(term, out var postings))
        {
            return;
        }

        var rarity = Rarity(term);
        foreach (var (section, frequency) in postings)
        {
            var length = 1 - LengthWeight + (LengthWeight * _lengths[section] / _averageLength);
            var score = weight * rarity * frequency * (Saturation + 1) / (frequency + (Saturation * length));
            best[section] = Math.Max(score, best.GetValueOrDefault(section));
        }
    }

    // The inverse document frequency; null asks for that of a term that stands nowhere.
    private double Rarity(string? term)
    {
        var holders = term is null ? 0 : _postings[term].Count;
        return Math.Log(1 + ((_lengths.Length - holders + 0.5) / (holders + 0.5)));
    }

    private double Add(int index, GuideSection section)
    {
        var frequencies = new Dictionary<string, double>(StringComparer.Ordinal);
        var length = Count(section.Body, 1) + Count(section.Heading, HeadingWeight) + Count(section.Above, AboveWeight);
        foreach (var (term, frequency) in frequencies)
        {
            if (!_postings.TryGetValue(term, out var postings))
            {
                _postings.Add(term, postings = []);
            }

            postings.Add(new Posting(index, frequency));
        }

        return length;

        int Count(string text, double weight)
        {
            var count = 0;
            foreach (var term in GuideWords.OfText(text))
            {
                frequencies[term] = frequencies.GetValueOrDefault(term) + weight;
                count++;
            }

            return count;
        }
    }

    private sealed record Posting(int Section, double Frequency);
}
