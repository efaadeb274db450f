namespace Sluice.Tests.Sse;

/// <summary>A stream that gives its bytes in the pieces it was told, then ends.</summary>
internal sealed class PiecewiseStream(IReadOnlyList<ReadOnlyMemory<byte>> pieces) : MemoryStream
{
    private int _next;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_next == pieces.Count)
            return ValueTask.FromResult(0);
        ReadOnlyMemory<byte> piece = pieces[_next++];
        Assert.True(piece.Length <= buffer.Length, "The pieces of a test fit into one read.");
        piece.CopyTo(buffer);
        return ValueTask.FromResult(piece.Length);
    }
}
