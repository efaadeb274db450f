using System.Text.RegularExpressions;
using Sluice.Chat;
using Sluice.Hosting;
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

    [Fact]
    public void Troubleshooting_NamesEveryErrorCodeOfAProvider()
    {
        var page = File.ReadAllText(Path.Combine(Root, "docs/troubleshooting.md"));

        Assert.All(Enum.GetValues<ChatErrorKind>(), kind => Assert.Contains($"`{new ChatProviderException(kind, "").Code}`", page, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("docs/configuration.md", "{name}")]
    [InlineData("docs/zh-CN/configuration.md", "{名称}")]
    public void Configuration_NamesEverySetting(string path, string name)
    {
        var page = File.ReadAllText(Path.Combine(Root, path));

        // The time limits of a provider and the parts of a target share one line each.
        var lines = Settings.All.Select(setting => setting.Path)
            .Select(setting => setting.StartsWith("Models:*:Targets", StringComparison.Ordinal) ? "Models:*:Targets"
                : setting.StartsWith("Providers:*:Timeouts", StringComparison.Ordinal) ? "Providers:*:Timeouts" : setting);
        Assert.All(lines, line => Assert.Contains($"| `{line.Replace("*", name, StringComparison.Ordinal)}` |", page, StringComparison.Ordinal));
    }

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
