namespace Sluice.Streams;

/// <summary>How many bytes streams hold in memory: one counter for each stream, inside one for all.</summary>
/// <remarks>Counted when a segment is taken or given back and when a snapshot has grown, never per event. Safe for many threads.</remarks>
/// <param name="whole">What these bytes are part of; null for the process.</param>
internal sealed class StreamMemory(StreamMemory? whole = null)
{
    private long _bytes;

    /// <summary>Bytes held now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>What these bytes are part of; itself where they are the whole.</summary>
    public StreamMemory Whole => whole ?? this;

    /// <summary>Bytes were taken, or given back.</summary>
    /// <param name="bytes">How many; less than zero for given back.</param>
    public void Add(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        whole?.Add(bytes);
    }
}
