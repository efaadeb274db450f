using System.Globalization;

namespace Sluice.Streams;

/// <summary>A cursor as clients send it back: <c>{stream_id}.{seq}</c>, in <c>Last-Event-ID</c>.</summary>
/// <param name="StreamId">The stream that it names; null where it names none.</param>
/// <param name="Sequence">The number of the last event that was seen whole, 0 for none.</param>
/// <param name="IsEnd">Whether it says that nothing is to come (<c>.end</c>).</param>
internal readonly record struct StreamPosition(string? StreamId, long Sequence, bool IsEnd)
{
    /// <summary>Reads a cursor. Never fails: what is no cursor names no stream.</summary>
    public static StreamPosition Parse(string cursor)
    {
        var dot = cursor.LastIndexOf('.');
        var isEnd = dot >= 0 && cursor.AsSpan(dot + 1).SequenceEqual("end");
        if (dot < 0 || !Streams.StreamId.IsValid(cursor.AsSpan(0, dot)))
        {
            return new StreamPosition(null, 0, isEnd);
        }

        var id = cursor[..dot];
        return long.TryParse(cursor.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new StreamPosition(id, sequence, false)
            : new StreamPosition(isEnd ? id : null, 0, isEnd);
    }
}
