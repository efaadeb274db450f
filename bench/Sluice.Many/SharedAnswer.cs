using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;

namespace Sluice.Many;

/// <summary>The one answer that all viewers must read: each event by its number, as whoever saw it first saw it.</summary>
/// <param name="maxEvents">More than it will have.</param>
internal sealed class SharedAnswer(int maxEvents)
{
    private readonly byte[]?[] _events = new byte[maxEvents + 1][];
    private readonly ConcurrentDictionary<(long Sequence, string Text), bool> _snapshots = new();
    private long _last;

    /// <summary>The number of the last event that anyone has seen.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Takes an event that a viewer has read.</summary>
    /// <returns>False where another viewer has read something else under that number.</returns>
    public bool Take(long sequence, ReadOnlyMemory<byte> data)
    {
        var known = Volatile.Read(ref _events[sequence]);
        if (known is null)
        {
            known = data.ToArray();
            known = Interlocked.CompareExchange(ref _events[sequence], known, null) ?? known;
            Volatile.Write(ref _last, Math.Max(_last, sequence));
        }

        return data.Span.SequenceEqual(known);
    }

    /// <summary>Takes a snapshot that a viewer was given for everything up to an event; compared at the end.</summary>
    public void TakeSnapshot(ReadOnlyMemory<byte> data)
    {
        using var document = JsonDocument.Parse(data);
        _snapshots[(document.RootElement.GetProperty("seq").GetInt64(), document.RootElement.GetProperty("text").GetString()!)] = true;
    }

    /// <summary>Whether the deltas make up the text that the end and each snapshot say; all have been seen then.</summary>
    /// <returns>How many different snapshots there were.</returns>
    public int Check(Findings findings)
    {
        var text = new StringBuilder();
        var snapshots = _snapshots.Keys.ToLookup(snapshot => snapshot.Sequence, snapshot => snapshot.Text);
        for (var i = 1; i <= Last; i++)
        {
            if (_events[i] is not { } data)
            {
                findings.Fault("nobody has seen an event");
                continue;
            }

            using var document = JsonDocument.Parse(data);
            var type = document.RootElement.GetProperty("type").GetString();
            if (type == "delta")
            {
                text.Append(document.RootElement.GetProperty("content").GetString());
            }

            findings.Check(i < Last || type is "end" or "cancelled", $"the stream ended in `{type}`");
            findings.Check(type is not ("end" or "cancelled") || document.RootElement.GetProperty("answer").GetString() == text.ToString(), "the answer is not the deltas joined");
            foreach (var snapshot in snapshots[i])
            {
                findings.Check(snapshot == text.ToString(), "a snapshot is not the deltas joined");
            }
        }

        return _snapshots.Count;
    }
}
