using System.Text.Json;

namespace Sluice.Many;

/// <summary>What a process holds, from inside (see <see cref="global::StartupHook"/>) and from outside.</summary>
/// <param name="Rss">Resident memory in bytes.</param>
/// <param name="Files">Open descriptors.</param>
/// <param name="Inside">Heap bytes after a full collection, timers, gauges; empty where the process tells nothing (a native binary).</param>
internal sealed record Vitals(long Rss, int Files, IReadOnlyDictionary<string, long> Inside)
{
    /// <summary>Bytes of the heap after a full collection; 0 where unknown.</summary>
    public long Heap => Inside.GetValueOrDefault("heap");

    /// <summary>Running timers; 0 where unknown.</summary>
    public long Timers => Inside.GetValueOrDefault("timers");

    /// <summary>Reads what the hook wrote.</summary>
    public static IReadOnlyDictionary<string, long> Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.EnumerateObject().ToDictionary(property => property.Name, property => property.Value.GetInt64(), StringComparer.Ordinal);
    }
}
