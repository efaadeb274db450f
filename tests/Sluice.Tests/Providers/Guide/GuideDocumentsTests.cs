using System.Text.RegularExpressions;
using Sluice.Providers.Guide;

namespace Sluice.Tests.Providers.Guide;

/// <summary>The documents themselves, as they stand in the repository.</summary>
public sealed partial class GuideDocumentsTests
{
    private static readonly string Root = FindRoot();

    public static TheoryData<string> Documents() =>
        [.. Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Links_OfADocument_PointToFilesAndHeadingsThatExist(string path)
    {
        var text = File.ReadAllText(Path.Combine(Root, path));
        Assert.All(Link().Matches(WithoutCode(text)), link =>
        {
            var target = link.Groups["path"].Value;
            var file = Path.GetFullPath(Path.Combine(Root, target.Length == 0 ? path : Path.Combine(Path.GetDirectoryName(path)!, target)));
            Assert.True(File.Exists(file) || Directory.Exists(file), link.Value);
            var anchor = link.Groups["anchor"].Value;
            Assert.True(anchor.Length == 0 || Anchors(File.ReadAllText(file)).Contains(anchor), link.Value);
        });
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void Library_Document_IsCarriedByTheAssembly(string path)
    {
        if (!path.StartsWith("docs/decisions/", StringComparison.Ordinal))
        {
            Assert.Contains(GuideLibrary.Load().Documents, document => document.Path == path && document.Title != path);
        }
    }

    [Theory]
    [MemberData(nameof(Documents))]
    public void JsonSnippets_OfADocument_AreJson(string path) =>
        Assert.All(JsonBlock().Matches(File.ReadAllText(Path.Combine(Root, path))), block => System.Text.Json.JsonDocument.Parse(block.Groups[1].Value).Dispose());

    [Fact]
    public void Library_ChineseDocuments_AreKnownAsChinese() =>
        Assert.All(GuideLibrary.Load().Documents, document => Assert.Equal(document.Path.Contains("zh-CN", StringComparison.Ordinal), document.IsChinese));

    private static string WithoutCode(string text) => CodeBlock().Replace(text, "");

    // As GitHub makes them: lower case, white space to hyphens, punctuation away.
    private static HashSet<string> Anchors(string text) => Heading().Matches(WithoutCode(text))
        .Select(heading => NotInAnchor().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))
        .ToHashSet(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Sluice.slnx")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return directory.FullName;
    }

    [GeneratedRegex(@"\[[^\]\n]+\]\((?!\w+:)(?<path>[^)\s#]*)(?:#(?<anchor>[^)\s]*))?\)", RegexOptions.None, 1000)]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^```json\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline, 1000)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^#{1,6} (.+)$", RegexOptions.Multiline, 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_\- ]", RegexOptions.None, 1000)]
    private static partial Regex NotInAnchor();
}
