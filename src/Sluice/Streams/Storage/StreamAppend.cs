namespace Sluice.Streams.Storage;

/// <summary>What became of an append.</summary>
internal enum StreamAppend
{
    /// <summary>It is in the log: now, or since an earlier try whose answer was lost.</summary>
    Ok,

    /// <summary>Someone else owns the stream by now. Stop, and abort the upstream call.</summary>
    Fenced,

    /// <summary>The stream has ended, and this is not part of it.</summary>
    Closed,

    /// <summary>It does not continue what is there: events are missing before it, or others stand in its place. A defect or a loss, never to be skipped.</summary>
    Gap,

    /// <summary>There is no such stream (any more).</summary>
    Missing,
}
