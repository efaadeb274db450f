using System.Text.RegularExpressions;
using Sluice.Tests.Support;

namespace Sluice.Tests.Architecture;

public sealed partial class StyleTests
{
    private const int MaxLines = 400;

    public static IEnumerable<string> SourceFiles => Repository.Files("src").Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    [Fact]
    public void Files_AreShort() =>
        Assert.All(SourceFiles, file => Assert.True(Repository.Read(file).Count(c => c == '\n') <= MaxLines, $"{file} has more than {MaxLines} lines."));

    [Fact]
    public void Files_AreNamedAfterTheirType() => Assert.All(
        SourceFiles.Where(file => Path.GetFileName(file) is not ("Program.cs" or "AssemblyInfo.cs")),
        file =>
        {
            var types = Types().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value).ToList();
            Assert.True(types.SequenceEqual([Path.GetFileNameWithoutExtension(file)], StringComparer.Ordinal), $"{file} declares {string.Join(", ", types)}.");
        });

    [Fact]
    public void NoFile_PutsWorkOff()
    {
        // Put together, so that this file does not say them itself.
        string[] words = ["TO" + "DO", "FIX" + "ME", "HA" + "CK"];
        Assert.All(
            Repository.Files().Where(file => Path.GetExtension(file) is ".cs" or ".js" or ".md" or ".csproj" or ".props"),
            file => Assert.False(Words(words).IsMatch(Repository.Read(file)), $"{file} puts work off."));
    }

    private static Regex Words(string[] words) => new($@"\b(?:{string.Join('|', words)})\b", RegexOptions.NonBacktracking);

    // Types that stand at the left margin: nested ones are indented.
    [GeneratedRegex(@"^(?:(?:public|internal|file|sealed|static|abstract|readonly|partial|ref|unsafe) )*(?:class|struct|interface|enum|record struct|record class|record|delegate \w+) (\w+)", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Types();
}
