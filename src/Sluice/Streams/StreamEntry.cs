using System.Buffers;

namespace Sluice.Streams;

/// <summary>Where a viewer comes in, and what it is told before it follows.</summary>
internal static class StreamEntry
{
    /// <summary>Finds the place behind the last event that a viewer has.</summary>
    /// <param name="session">The stream, held.</param>
    /// <param name="after">That event's number; 0 for none.</param>
    /// <param name="snapshotAfter">From how many missed events on a snapshot stands for them, while the stream runs.</param>
    /// <returns>Where to read on, and frames to send before.</returns>
    public static (StreamCursor Cursor, ReadOnlyMemory<byte> Prelude) Find(StreamSession session, long after, int snapshotAfter)
    {
        var published = session.Log.Published;
        var isAhead = after > published;
        if ((isAhead || published - after > snapshotAfter) && !session.Log.IsComplete)
        {
            // A snapshot that has met the terminal event stands for too much: then all is replayed, which is over soon.
            var snapshot = session.TrySnapshot()!;
            var output = new ArrayBufferWriter<byte>();
            if (snapshot.TryWrite(output, isAhead, out var cursor))
            {
                return (cursor, output.WrittenMemory);
            }
        }

        var start = new StreamCursor(session.Log);
        if (!isAhead)
        {
            start.Seek(after);
            return (start, default);
        }

        var reset = new ArrayBufferWriter<byte>();
        session.Dialect.WriteReset(reset);
        return (start, reset.WrittenMemory);
    }
}
