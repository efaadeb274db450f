namespace Sluice.Tests.Providers;

/// <summary>Wire files: the exact bytes that an upstream sends.</summary>
internal static class GoldenFile
{
    /// <param name="path">Below <c>Providers</c>, such as <c>OpenAi/stream.sse</c>.</param>
    public static byte[] Read(string path) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Providers", path));

    /// <summary>The <c>data</c> of each line that holds JSON, as it stands.</summary>
    public static List<string> Data(string path) =>
        [.. System.Text.Encoding.UTF8.GetString(Read(path)).Split('\n', '\r').Where(line => line.StartsWith("data:", StringComparison.Ordinal))
            .Select(line => line["data:".Length..]).Select(data => data.StartsWith(' ') ? data[1..] : data).Where(data => data.StartsWith('{'))];
}
