using System.Globalization;
using System.Text;

namespace Sluice.Server.Conversations;

/// <summary>PostgreSQL's words. What is searched for is split into words here, not by PostgreSQL, whose parsers differ by locale and know no Chinese.</summary>
/// <remarks>A tsvector keeps places up to 16,383, and 256 of each word, so a long text becomes several short ones that overlap by what a phrase may be long.</remarks>
internal sealed class PostgresSql : ConversationSql
{
    /// <summary>How many words stand in one entry of the index.</summary>
    public const int MaxWords = 250;

    private const int Overlap = SearchQuery.MaxPhrase - 1;

    /// <inheritdoc/>
    public override string Now => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    /// <inheritdoc/>
    public override string ForUpdate => " FOR UPDATE";

    /// <inheritdoc/>
    public override string Source => "source";

    /// <inheritdoc/>
    public override IEnumerable<(string Sql, string Words)> Index(string text)
    {
        var words = SearchText.Tokens(text).Select(static token => token.Text).ToList();
        for (var start = 0; start < words.Count; start += MaxWords - Overlap)
        {
            var entry = new StringBuilder();
            for (var at = start; at < Math.Min(start + MaxWords, words.Count); at++)
            {
                entry.Append(CultureInfo.InvariantCulture, $"'{words[at]}':{at - start + 1} ");
            }

            yield return ("INSERT INTO search (source, words) VALUES (@source, CAST(@words AS tsvector))", entry.ToString());
            if (start + MaxWords >= words.Count)
            {
                break;
            }
        }
    }

    /// <inheritdoc/>
    public override (string Sql, (string Name, object? Value)[] Values) Find(SearchQuery query)
    {
        // Each term may stand in another entry of the same text.
        var terms = query.Terms.Select(static (term, i) => (Name: string.Create(CultureInfo.InvariantCulture, $"@find{i}"), (object?)Phrase(term))).ToArray();
        return (string.Join(" INTERSECT ", terms.Select(static term => $"SELECT source FROM search WHERE words @@ CAST({term.Name} AS tsquery)")), terms);
    }

    private static string Phrase(SearchTerm term) => string.Join(" <-> ", term.Words.Select(static word => $"'{word}'")) + (term.IsPrefix ? ":*" : "");
}
