using System.Text;

namespace Sluice.Providers.Guide;

/// <summary>Sluice's own documents, cut into sections.</summary>
internal sealed class GuideLibrary
{
    /// <summary>Cuts documents into sections.</summary>
    /// <param name="documents">Path and Markdown of each.</param>
    public GuideLibrary(IEnumerable<KeyValuePair<string, string>> documents)
    {
        var sections = new List<GuideSection>();
        var all = new List<GuideDocument>();
        foreach (var (path, markdown) in documents.OrderBy(document => document.Key, StringComparer.Ordinal))
        {
            var document = new GuideDocument(path, GuideMarkdown.Title(markdown) ?? path, IsChinese(path), Weight(path));
            all.Add(document);
            sections.AddRange(GuideMarkdown.Split(document, markdown));
        }

        Documents = all;
        Sections = sections;
    }

    /// <summary>All documents, ordered by path.</summary>
    public IReadOnlyList<GuideDocument> Documents { get; }

    /// <summary>All sections that say something, in the order of their documents.</summary>
    public IReadOnlyList<GuideSection> Sections { get; }

    /// <summary>Reads the documents that this assembly carries.</summary>
    public static GuideLibrary Load()
    {
        var assembly = typeof(GuideLibrary).Assembly;
        var documents = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in assembly.GetManifestResourceNames())
        {
            if (name.EndsWith(".md", StringComparison.Ordinal))
            {
                using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
                documents.Add(name, reader.ReadToEnd());
            }
        }

        return new GuideLibrary(documents);
    }

    private static bool IsChinese(string path) => path.Contains("zh-CN", StringComparison.Ordinal);

    // The README and the architecture name every subject once, and the pages of docs/ explain it. Who asks is mostly at the beginning.
    private static double Weight(string path) => path.Split('/')[^1] switch
    {
        "README.md" or "README.zh-CN.md" or "architecture.md" => 0.6,
        "getting-started.md" => 1.1,
        _ => 1,
    };
}
