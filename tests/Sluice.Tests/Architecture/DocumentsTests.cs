using System.Text.RegularExpressions;
using Sluice.Tests.Support;

namespace Sluice.Tests.Architecture;

public sealed partial class DocumentsTests
{
    private static readonly string[] TextEndings = [".cs", ".md", ".json", ".props", ".csproj", ".slnx", ".txt", ".js", ".css", ".html", ".svg", ".sh", ".yml", ".sse", ".py", ".conf"];

    [Fact]
    public void Architecture_NamesOnlyPathsThatExist()
    {
        var paths = Paths().Matches(Repository.Read("docs/architecture.md")).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(paths);
        Assert.All(paths, path => Assert.True(
            File.Exists(Path.Combine(Repository.Root, path)) || Directory.Exists(Path.Combine(Repository.Root, path)), $"docs/architecture.md names {path}, which does not exist."));
    }

    [Fact]
    public void Documents_LinkOnlyToFilesThatExist()
    {
        var broken = Repository.Files().Where(file => file.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(file => Links().Matches(Repository.Read(file)).Select(match => (file, Link: match.Groups[1].Value.Split('#')[0])))
            .Where(pair => pair.Link.Length > 0 && !pair.Link.Contains(':', StringComparison.Ordinal))
            .Where(pair => !Path.Exists(Path.Combine(Repository.Root, Path.GetDirectoryName(pair.file)!, pair.Link)))
            .Select(pair => $"{pair.file} links to {pair.Link}");
        Assert.Empty(broken);
    }

    [Fact]
    public void NoText_NamesAPlaceOnSomeonesMachine()
    {
        // Put together, so that this file does not name them itself.
        string[] places = ["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/Us" + "ers/", @"C:\Us" + "ers"];
        var named = Repository.Files()
            .Where(file => !file.EndsWith(".lock.json", StringComparison.Ordinal) && !file.EndsWith("package-lock.json", StringComparison.Ordinal))
            .Where(file => TextEndings.Contains(Path.GetExtension(file)) || !Path.HasExtension(file))
            .Select(file => (file, Place: places.FirstOrDefault(place => Repository.Read(file).Contains(place, StringComparison.Ordinal))))
            .Where(pair => pair.Place is not null)
            .Select(pair => $"{pair.file} names {pair.Place}");
        Assert.Empty(named);
    }

    // A path in backticks: it has a slash and nothing that is no path.
    [GeneratedRegex("`((?:src|tests|docs|eng|bench|samples)/[A-Za-z0-9_./-]+)`", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Paths();

    [GeneratedRegex(@"\]\(([^)\s]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Links();
}
