using System.Buffers;

namespace Sluice.Streams;

/// <summary>Where a viewer comes in, and what it is told before it follows.</summary>
internal static class StreamEntry
{
    /// <summary>Finds the place behind the last event that a viewer has.</summary>
    /// <param name="session">The stream, held.</param>
    /// <param name="after">That event's number; 0 for none.</param>
    /// <param name="options">From how many missed events on a snapshot stands for them, while the stream runs.</param>
    /// <returns>Where to read on, the caller's to dispose, and frames to send before. No cursor where what the viewer has not seen can no longer be told.</returns>
    public static (StreamCursor? Cursor, ReadOnlyMemory<byte> Prelude) Find(StreamSession session, long after, StreamOptions options)
    {
        // From here on nothing behind this place goes, whatever the log drops.
        var start = new StreamCursor(session.Log);
        try
        {
            var output = new ArrayBufferWriter<byte>();
            var isAhead = after > session.Log.Published;
            after = isAhead ? 0 : after;
            var isLost = after < start.Floor;
            if (!isLost)
            {
                start.Seek(after);
            }

            if ((isLost || (!session.Log.IsComplete && (isAhead || IsLongWay(session.Log, start, options))))
                && session.TrySnapshot() is { } snapshot && snapshot.TryWrite(output, after, isAhead, out var cursor))
            {
                start.Dispose();
                return (cursor, output.WrittenMemory);
            }

            if (isLost)
            {
                start.Dispose();
                return default;
            }

            if (isAhead)
            {
                session.Dialect.WriteReset(output);
            }

            return (start, output.WrittenMemory);
        }
        catch
        {
            start.Dispose();
            throw;
        }
    }

    // What has ended is replayed event by event, which is over soon. What runs must not begin with a lag for which a viewer is let go.
    private static bool IsLongWay(StreamLog log, StreamCursor start, StreamOptions options) =>
        log.Published - start.Sequence > Math.Min(options.SnapshotAfter, options.MaxLagEvents / 2) || log.PublishedBytes - start.Position > options.MaxLagBytes / 2;
}
