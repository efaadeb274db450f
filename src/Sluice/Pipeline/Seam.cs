using System.Buffers;

namespace Sluice.Pipeline;

/// <summary>Decides where a new answer goes on with the old one. Asked until it is open or departed; text is JSON-escaped, without the quotes.</summary>
internal abstract class Seam
{
    private readonly ArrayBufferWriter<byte> _said = new(256);

    /// <summary>All that the new answer has said.</summary>
    public ReadOnlySpan<byte> Said => _said.WrittenSpan;

    /// <summary>Takes a piece of the new answer.</summary>
    /// <param name="content">The text. Not kept.</param>
    /// <param name="rest">Takes what of all that was said is new, once the seam is open.</param>
    public SeamState Take(ReadOnlySpan<byte> content, IBufferWriter<byte> rest)
    {
        _said.Write(content);
        return Decide(content, rest, isEnd: false);
    }

    /// <summary>The new answer says no more text.</summary>
    /// <param name="rest">As above.</param>
    /// <returns>Open or departed.</returns>
    public SeamState End(IBufferWriter<byte> rest) => Decide(default, rest, isEnd: true);

    protected abstract SeamState Decide(ReadOnlySpan<byte> content, IBufferWriter<byte> rest, bool isEnd);
}
