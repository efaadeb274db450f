using System.Collections.Concurrent;

namespace Sluice.Many;

/// <summary>What a run found: figures in order, and everything that must not be.</summary>
internal sealed class Findings
{
    private readonly List<(string Name, string Value)> _figures = [];
    private readonly ConcurrentDictionary<string, int> _faults = new(StringComparer.Ordinal);

    /// <summary>Whether nothing was wrong.</summary>
    public bool IsClean => _faults.IsEmpty;

    /// <summary>Notes a figure.</summary>
    public void Add(string name, FormattableString value) => _figures.Add((name, FormattableString.Invariant(value)));

    /// <summary>Notes something that must not be. From any thread.</summary>
    public void Fault(string what) => _faults.AddOrUpdate(what, 1, static (_, count) => count + 1);

    /// <summary>Notes it unless the condition holds.</summary>
    public void Check(bool holds, string what)
    {
        if (!holds)
        {
            Fault(what);
        }
    }

    /// <summary>Prints all of it.</summary>
    public void Print(string title, TextWriter output)
    {
        output.WriteLine(title);
        foreach (var (name, value) in _figures)
        {
            output.WriteLine($"  {name,-44} {value}");
        }

        foreach (var (what, count) in _faults)
        {
            output.WriteLine($"  WRONG, {count} times: {what}");
        }
    }
}
