using System.Text.Json;

namespace Sluice.Tests.Support;

/// <summary>Reads what a viewer got.</summary>
internal static class EventText
{
    /// <summary>The data of each event, in order; the ids are checked to be 1..n of one stream.</summary>
    public static List<string> Data(string body)
    {
        var data = new List<string>();
        string? stream = null;
        foreach (var block in body.Replace(": ping\n", "", StringComparison.Ordinal).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var lines = block.Split('\n');
            Assert.Equal(2, lines.Length);
            Assert.StartsWith("id: ", lines[0], StringComparison.Ordinal);
            var id = lines[0][4..].Split('.');
            stream ??= id[0];
            Assert.Equal(stream, id[0]);
            Assert.Equal(data.Count + 1, int.Parse(id[1], System.Globalization.CultureInfo.InvariantCulture));
            Assert.StartsWith("data: ", lines[1], StringComparison.Ordinal);
            data.Add(lines[1][6..]);
        }

        return data;
    }

    /// <summary>The types of native events, in order.</summary>
    public static List<string> Types(string body) => [.. Data(body).Select(data => Field(data, "type")!)];

    public static string? Field(string json, string name)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty(name).ToString();
    }
}
