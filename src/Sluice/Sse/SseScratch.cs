using System.Buffers;
using System.Diagnostics;

namespace Sluice.Sse;

/// <summary>A growing run of bytes in a pooled array. Whoever holds one must call <see cref="Release"/>.</summary>
/// <remarks>A mutable struct: hold it in a field, never copy it except to swap two.</remarks>
internal struct SseScratch
{
    /// <summary>An array beyond this is left to the collector: in the shared pool it would linger.</summary>
    private const int LargestPooled = 1024 * 1024;

    /// <summary>An array beyond this is not kept for the next event.</summary>
    private const int LargestKept = 16 * 1024;

#if DEBUG
    private const int Smallest = 16;
#else
    private const int Smallest = 512;
#endif

    private byte[]? _array;

    public int Length { readonly get; private set; }

    public readonly ReadOnlyMemory<byte> Written => new(_array, 0, Length);

    /// <param name="bytes">What to add.</param>
    /// <param name="limit">The length that the caller never passes; the array does not grow past it.</param>
    public void Append(ReadOnlySpan<byte> bytes, int limit)
    {
        Debug.Assert(bytes.Length <= limit - Length, "The caller counts before it appends.");
        if (bytes.IsEmpty)
            return;
        if (_array is null || bytes.Length > _array.Length - Length)
            Grow(Length + bytes.Length, limit);
        bytes.CopyTo(_array.AsSpan(Length));
        Length += bytes.Length;
    }

    /// <summary>Forgets the bytes, and the array too if it is large.</summary>
    public void Clear()
    {
#if DEBUG
        Release();
#else
        Length = 0;
        if (_array is { Length: > LargestKept })
            Release();
#endif
    }

    /// <summary>Forgets the bytes and gives the array back.</summary>
    public void Release()
    {
        if (_array is { } array)
            GiveBack(array);
        _array = null;
        Length = 0;
    }

    private void Grow(int needed, int limit)
    {
        // Doubling keeps the copying at O(1) per byte; the limit keeps the last step from overshooting.
        int doubled = (int)Math.Min(Math.Max(2L * (_array?.Length ?? 0), Smallest), limit);
        int size = Math.Max(needed, doubled);
        byte[] grown = size > LargestPooled ? GC.AllocateUninitializedArray<byte>(size) : ArrayPool<byte>.Shared.Rent(size);
        Written.Span.CopyTo(grown);
        if (_array is { } old)
            GiveBack(old);
        _array = grown;
    }

    private static void GiveBack(byte[] array)
    {
#if DEBUG
        // Whoever still reads here reads nonsense for ever: the array is spoilt and never pooled again.
        array.AsSpan().Fill(0xDD);
#else
        if (array.Length <= LargestPooled)
            ArrayPool<byte>.Shared.Return(array);
#endif
    }
}
