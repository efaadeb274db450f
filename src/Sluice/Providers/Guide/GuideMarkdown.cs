using System.Text;
using System.Text.RegularExpressions;

namespace Sluice.Providers.Guide;

/// <summary>As much of Markdown as it takes to quote a document: headings, code fences, links.</summary>
internal static partial class GuideMarkdown
{
    // Deeper headings stay inside their section.
    private const int MaxLevel = 3;

    /// <summary>The first heading of the first level, or null.</summary>
    public static string? Title(string markdown)
    {
        var isCode = false;
        foreach (var line in Lines(markdown))
        {
            isCode ^= IsFence(line);
            if (!isCode && Level(line) == 1)
            {
                return line[1..].Trim();
            }
        }

        return null;
    }

    /// <summary>Cuts a document at its headings. A heading with nothing under it is no section.</summary>
    public static IEnumerable<GuideSection> Split(GuideDocument document, string markdown)
    {
        var sections = new List<GuideSection>();
        var headings = new string[MaxLevel];
        var body = new StringBuilder();
        var level = 0;
        var isCode = false;
        foreach (var line in Lines(markdown))
        {
            var next = isCode ? 0 : Level(line);
            isCode ^= IsFence(line);
            if (next == 0)
            {
                body.Append(isCode ? line : WithPaths(document.Path, line)).Append('\n');
                continue;
            }

            Close();
            level = next;
            headings[level - 1] = line[level..].Trim();
            headings.AsSpan(level).Clear();
        }

        Close();
        return sections;

        void Close()
        {
            var text = body.ToString().Trim();
            body.Clear();
            if (text.Length > 0 && level > 0)
            {
                var above = string.Join(' ', headings[..(level - 1)].Where(heading => heading is not null));
                sections.Add(new GuideSection(document, headings[level - 1], above, text));
            }
        }
    }

    private static string[] Lines(string markdown) => markdown.ReplaceLineEndings("\n").Split('\n');

    private static bool IsFence(string line) => line.TrimStart().StartsWith("```", StringComparison.Ordinal);

    private static int Level(string line)
    {
        var level = line.AsSpan().IndexOfAnyExcept('#');
        return level is > 0 and <= MaxLevel && line[level] == ' ' ? level : 0;
    }

    // A relative link leads nowhere from a chat window; the path of the document says where to read on.
    private static string WithPaths(string from, string line) => RelativeLink().Replace(line, link =>
    {
        var target = link.Groups["path"].Value;
        var path = target.Length == 0 ? from : Resolve(from, target);
        return path == from ? link.Groups["text"].Value : $"{link.Groups["text"].Value} (`{path}`)";
    });

    private static string Resolve(string from, string target)
    {
        var parts = new Stack<string>(from.Split('/')[..^1]);
        foreach (var part in target.Split('/'))
        {
            if (part == "..")
            {
                parts.TryPop(out _);
            }
            else if (part is not ("." or ""))
            {
                parts.Push(part);
            }
        }

        return string.Join('/', parts.Reverse());
    }

    [GeneratedRegex(@"(?<!!)\[(?<text>[^\]\n]+)\]\((?!\w+:)(?<path>[^)\s#]*)(?:#[^)\s]*)?\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RelativeLink();
}
