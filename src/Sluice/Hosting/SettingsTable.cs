using System.Text;

namespace Sluice.Hosting;

/// <summary>What docs/configuration.md says of each setting: the rows of its table, which this assembly carries.</summary>
internal sealed class SettingsTable
{
    private readonly List<(string Name, string Default, string Meaning)> _rows = [];

    /// <param name="markdown">The document.</param>
    public SettingsTable(string markdown)
    {
        foreach (var line in markdown.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)))
        {
            var cells = line.Trim().Trim('|').Split('|', StringSplitOptions.TrimEntries);
            if (cells.Length == 3)
            {
                _rows.AddRange(cells[0].Split(", ").Select(name => (name.Trim('`').Replace("{name}", "*", StringComparison.Ordinal), cells[1], cells[2])));
            }
        }
    }

    /// <summary>The table that this assembly carries.</summary>
    public static SettingsTable Load()
    {
        using var reader = new StreamReader(typeof(SettingsTable).Assembly.GetManifestResourceStream("docs/configuration.md")!, Encoding.UTF8);
        return new SettingsTable(reader.ReadToEnd());
    }

    /// <summary>What a setting is, and its default; null where no row of its own says.</summary>
    /// <param name="setting">The setting.</param>
    public string? Find(Setting setting)
    {
        // `Providers:*:Timeouts:Idle` is what `Timeouts:Idle` is.
        var name = setting.Path[Math.Max(0, setting.Path.IndexOf("Timeouts:", StringComparison.Ordinal))..];
        var row = _rows.FirstOrDefault(row => row.Name == setting.Path);
        row = row.Name is null && name != setting.Path && !name.Contains('*', StringComparison.Ordinal) ? _rows.FirstOrDefault(row => row.Name == name) : row;
        return row.Name is null ? null : row.Default.Length == 0 ? row.Meaning : $"{row.Meaning} (default: {row.Default.Replace("`", "", StringComparison.Ordinal)})";
    }
}
