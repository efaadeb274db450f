using System.Buffers;
using Sluice.Chat;

namespace Sluice.Pipeline;

/// <summary>What a target says before it has said anything that counts (a role, filter results), kept until it does: if the call fails first, nobody has seen it.</summary>
/// <remarks>Chunks are copied, since they are valid until the next one only; the copies live in one pooled buffer until <see cref="Clear"/>.</remarks>
internal struct HeldBack
{
    /// <summary>From how many chunks on nothing is held back.</summary>
    public const int MaxChunks = 64;

    /// <summary>How many bytes of them.</summary>
    public const int MaxBytes = 256 * 1024;

    private List<(ChatChunk Chunk, byte[]? Buffer)>? _chunks;
    private int _bytes;
    private int _taken;

    /// <summary>Keeps what says nothing yet.</summary>
    /// <returns>False where the answer is under way with this chunk: what counts has come, or no more is held back.</returns>
    public bool Keeps(ChatChunk chunk) => chunk.Kind == ChatChunkKind.Heartbeat || (!IsAnswer(chunk) && TryAdd(chunk));

    /// <summary>Keeps a copy of a chunk.</summary>
    /// <returns>False where no more is held back: what has been said must go out.</returns>
    public bool TryAdd(ChatChunk chunk)
    {
        var length = chunk.Json.Length;
        if (_chunks?.Count >= MaxChunks - 1 || _bytes + length >= MaxBytes)
        {
            return false;
        }

        var buffer = length == 0 ? null : ArrayPool<byte>.Shared.Rent(length);
        chunk.Json.CopyTo(buffer);
        (_chunks ??= []).Add((chunk.Over(buffer.AsMemory(0, length)), buffer));
        _bytes += length;
        return true;
    }

    /// <summary>The next chunk, in order. Valid until <see cref="Clear"/>.</summary>
    public bool TryTake(out ChatChunk chunk)
    {
        var any = _chunks is not null && _taken < _chunks.Count;
        chunk = any ? _chunks![_taken++].Chunk : default;
        return any;
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (_chunks is null)
        {
            return;
        }

        foreach (var (_, buffer) in _chunks)
        {
            if (buffer is not null)
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }

        _chunks = null;
        _bytes = _taken = 0;
    }

    private static bool IsAnswer(ChatChunk chunk) => chunk.IsMeaningful || (chunk.Kind & (ChatChunkKind.Completion | ChatChunkKind.Done)) != ChatChunkKind.Preamble;
}
