using System.Text.RegularExpressions;
using Sluice.Tests.Support;

namespace Sluice.Tests.Architecture;

/// <summary>Folders of the library import one way: the table of docs/architecture.md.</summary>
public sealed partial class LayersTests
{
    private const string Library = "src/Sluice/";
    private const string Everything = "all";

    // What architecture.md says, said again: a change of the direction has to be meant.
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["Chat"] = [],
        ["Sse"] = [],
        ["Diagnostics"] = [],
        ["Providers"] = ["Chat", "Sse", "Diagnostics"],
        ["Pipeline"] = ["Chat", "Diagnostics"],
        ["Limits"] = ["Chat", "Diagnostics"],
        ["Streams"] = ["Chat", "Sse", "Diagnostics"],
        ["Endpoints"] = ["Chat", "Sse", "Streams", "Diagnostics"],
        ["Interop"] = ["Chat", "Streams"],
        ["Hosting"] = [Everything],
    };

    [Fact]
    public void EveryFolder_IsInTheTable()
    {
        var folders = SourceFiles().Select(Folder).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(folders);
        Assert.All(folders, folder => Assert.True(MayUse.ContainsKey(folder), $"{Library}{folder} is in no row of the table."));
    }

    [Fact]
    public void EveryFile_UsesOnlyWhatItsFolderMay()
    {
        var wrong = SourceFiles().SelectMany(file => Uses(file).Select(used => (file, used)))
            .Where(pair => !MayUse[Folder(pair.file)].Contains(pair.used) && !MayUse[Folder(pair.file)].Contains(Everything))
            .Select(pair => $"{pair.file} uses {pair.used}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Document_SaysTheSame()
    {
        var rows = TableRows().Matches(Repository.Read("docs/architecture.md"))
            .ToDictionary(row => row.Groups[1].Value, row => row.Groups[2].Value, StringComparer.Ordinal);
        foreach (var folder in SourceFiles().Select(Folder).Distinct(StringComparer.Ordinal))
        {
            Assert.True(rows.TryGetValue(folder, out var may), $"docs/architecture.md has no row for {Library}{folder}.");
            var expected = MayUse[folder].Length == 0 ? "nothing" : string.Join(", ", MayUse[folder]);
            Assert.Equal(expected, may);
        }
    }

    [Fact]
    public void Namespaces_AreTheFolders() => Assert.All(
        SourceFiles().Where(file => !file.StartsWith(Library + "Hosting/", StringComparison.Ordinal)),
        file => Assert.Contains($"\nnamespace {string.Join('.', Path.GetDirectoryName(file)!.Split('/').Skip(1))};\n", "\n" + Repository.Read(file), StringComparison.Ordinal));

    [Theory]
    [InlineData("using Sluice.Streams;", "Streams")]
    [InlineData("using static Sluice.Streams.StreamId;", "Streams")]
    [InlineData("using X = Sluice.Pipeline.ChatRoute;", "Pipeline")]
    [InlineData("var x = new Sluice.Hosting.Setting();", "Hosting")]
    [InlineData("var x = new global::Sluice.Hosting.Setting();", "Hosting")]
    [InlineData("var x = Pipeline.ModelRouter.X;", "Pipeline")]
    [InlineData("using System.Diagnostics.Metrics;", null)]
    [InlineData("/// in Streams. Then", null)]
    public void Uses_EveryWayToName_IsSeen(string code, string? used) => Assert.Equal(used is null ? [] : [used], UsesIn(code));

    private static IEnumerable<string> SourceFiles() => Repository.Files("src/Sluice")
        .Where(file => file.EndsWith(".cs", StringComparison.Ordinal) && file[Library.Length..].Contains('/', StringComparison.Ordinal));

    private static string Folder(string file) => file[Library.Length..].Split('/')[0];

    private static IEnumerable<string> Uses(string file) => UsesIn(Repository.Read(file)).Where(used => used != Folder(file));

    private static IEnumerable<string> UsesIn(string code) => Names().Matches(code).Select(match => match.Groups[1].Value)
        .Where(MayUse.ContainsKey).Distinct(StringComparer.Ordinal);

    // `Sluice.Folder`, or a name that begins with a folder and goes on: `Folder.Type`.
    [GeneratedRegex(@"(?:\bSluice\.|(?<![\w.])(?=[A-Z]\w*\.[A-Z]))([A-Z]\w*)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Names();

    [GeneratedRegex(@"^\| `src/Sluice/(\w+)` \|[^|]*\| ([^|]*?) \|$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TableRows();
}
