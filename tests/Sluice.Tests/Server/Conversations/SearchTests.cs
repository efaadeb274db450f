using CsCheck;
using Sluice.Server.Conversations;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Conversations;

/// <summary>What is found, in both databases alike.</summary>
public sealed class SearchTests(PostgresServer postgres)
{
    private static readonly string[] Alphabet = ["a", "B", "é", "ß", "中", "文", "ｗ", "１", "か", "한", "ก", "ि", "क", " ", "\n", "-", "_", "'", "\"", "*", "(", ")", ":", "&", "|", "!", "<", "\\", "😀", "\u0301", "\0", "%", "AND", "NEAR", "OR"];

    private static readonly Gen<string> Texts = Gen.Int[0, Alphabet.Length - 1].Select(i => Alphabet[i]).Array[0, 30].Select(string.Concat);

    public static TheoryData<string> Databases => StoreBench.Databases;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Words_AreFound(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        var far = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"的{(char)('一' + (i % 3000))}")) + "尾聲";
        await bench.AskAsync("Wie heißt die Straße in Besançon? don't panic, foo_bar v2.0 GPT模型", "这个数据库很好。ＦＵＬＬ width, e\u0301tude");
        await bench.AskAsync("long", far);
        foreach (var found in new[]
        {
            "straße", "STRASSE"[..4].ToLowerInvariant(), "besancon", "Besançon", "don't", "panic foo", "foo_bar", "v2.0", "gpt", "模型", "gpt模型", "模", "数据库", "据库", "这个 很好", "full", "étude", "etude", "\"foo\" ^(bar)* -:&|!", "pan", "besan",
        })
        {
            Assert.True((await bench.SearchAsync(found)).Count == 1, $"`{found}` is not found.");
        }

        foreach (var missing in new[] { "数库", "库据", "foobar", "nothing", "straß besançon extra", "ire", "panix", "好很" })
        {
            Assert.True((await bench.SearchAsync(missing)).Count == 0, $"`{missing}` is found.");
        }

        // Behind every limit of an index entry, and over the edges between entries.
        Assert.Single(await bench.SearchAsync("尾聲"));
        for (var at = 400; at < 40_000; at += 1777)
        {
            Assert.Single(await bench.SearchAsync(far.Substring(at, 12)));
        }
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Anything_CanBeStoredAndSearched_AndIsFound(string database)
    {
        await using var bench = await StoreBench.OpenAsync(database, postgres);
        await Gen.Select(Texts, Texts).SampleAsync(
            async (text, other) =>
            {
                var turn = await bench.AskAsync(text, other);
                await bench.SearchAsync(other);
                foreach (var token in SearchText.Tokens(text).Take(3))
                {
                    Assert.Contains((await bench.SearchAsync(token.Text)).Select(hit => hit.Conversation.Id), id => id == turn.ConversationId);
                }

                await bench.Store.DeleteAsync("o", null, TestContext.Current.CancellationToken);
            },
            iter: 60, threads: 1);
    }

    [Fact]
    public void Tokens_AreTheSameForWhatCountsAsTheSame() => Texts.Sample(
        text =>
        {
            var words = Words(text);
            Assert.Equal(words, Words(text.ToUpperInvariant()));
            Assert.Equal(words, Words(string.Concat(text.Select(c => c is > '!' and <= '~' ? (char)(c + 0xFEE0) : c))));
            Assert.Equal(words, words.SelectMany(Words));
            Assert.All(SearchText.Tokens(text), token => Assert.Equal([token.Text], Words(text.Substring(token.Start, token.Length))));
            Assert.All(words, word => Assert.DoesNotContain(word, c => char.IsAscii(c) && !char.IsAsciiLetterOrDigit(c)));
        },
        iter: 2000, threads: 1);

    [Fact]
    public void Query_IsWithinItsBounds_AndItsSnippetIsPartOfTheText() => Gen.Select(Texts, Texts).Sample(
        (text, typed) =>
        {
            var query = SearchQuery.Parse(typed);
            Assert.True(query.Terms.Count <= SearchQuery.MaxTerms);
            Assert.All(query.Terms, term => Assert.InRange(term.Words.Count, 1, SearchQuery.MaxPhrase));
            var snippet = query.Snippet(text).Trim('…');
            Assert.Contains(snippet, StoredText.Beginning(text, text.Length + 1), StringComparison.Ordinal);
        },
        iter: 2000, threads: 1);

    [Fact]
    public void Snippet_ShowsTheFind()
    {
        var text = string.Join(' ', Enumerable.Range(0, 500).Select(i => $"word{i}"));
        var snippet = SearchQuery.Parse("word250").Snippet(text);
        Assert.StartsWith("…word2", snippet, StringComparison.Ordinal);
        Assert.Contains(" word250 ", snippet, StringComparison.Ordinal);
        Assert.True(snippet.Length < 200);
    }

    private static List<string> Words(string text) => [.. SearchText.Tokens(text).Select(token => token.Text)];
}
