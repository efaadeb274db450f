using CsCheck;
using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

public sealed class GuidePiecesTests
{
    [Theory]
    [InlineData("Hello big world", new[] { "Hello ", "big ", "world" })]
    [InlineData("如何连接 Bella？", new[] { "如何", "连接 ", "Bella？" })]
    [InlineData("```sh\n\nls", new[] { "```sh\n\n", "ls" })]
    [InlineData("a 🙂 b", new[] { "a ", "🙂 ", "b" })]
    [InlineData("", new string[0])]
    public void End_Text_CutsBehindWords(string text, string[] expected) => Assert.Equal(expected, Cut(text));

    [Fact]
    public void End_AnyText_PiecesJoinToTheTextAndSplitNoCharacter() =>
        Gen.String[Gen.OneOf(Gen.Char['a', 'e'], Gen.Char[' ', ' '], Gen.Char['\u4E00', '\u4E09'], Gen.Const('\n'), Gen.Const('。'))].Sample(text =>
        {
            text = text.Replace("a", "🙂", StringComparison.Ordinal);
            var pieces = Cut(text);
            return string.Concat(pieces) == text
                && pieces.Count == GuidePieces.Count(text)
                && pieces.TrueForAll(piece => piece.Length > 0 && !char.IsLowSurrogate(piece[0]));
        });

    private static List<string> Cut(string text)
    {
        var pieces = new List<string>();
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = GuidePieces.End(text, start);
            pieces.Add(text[start..end]);
        }

        return pieces;
    }
}
