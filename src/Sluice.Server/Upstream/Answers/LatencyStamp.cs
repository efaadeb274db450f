using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;

namespace Sluice.Server.Upstream.Answers;

/// <summary>The moment at which the upstream wrote a token, carried inside the token: `@` + 19 digits of nanoseconds + `@`.</summary>
/// <remarks>The clock is the machine's monotonic one, the same for every process, so a reader on the same machine can subtract.</remarks>
internal static class LatencyStamp
{
    /// <summary>Length of a stamp in bytes.</summary>
    public const int Length = 21;

    /// <summary>Nanoseconds of the monotonic clock for a timestamp of <see cref="Stopwatch"/>.</summary>
    public static long Nanoseconds(long timestamp) =>
        Stopwatch.Frequency == 1_000_000_000 ? timestamp : (long)((Int128)timestamp * 1_000_000_000 / Stopwatch.Frequency);

    /// <summary>Appends a stamp.</summary>
    public static void Write(long nanoseconds, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(Length);
        span[0] = (byte)'@';
        Utf8Formatter.TryFormat(nanoseconds, span[1..], out _, new StandardFormat('D', 19));
        span[Length - 1] = (byte)'@';
        output.Advance(Length);
    }

    /// <summary>Reads the stamp that <paramref name="text"/> begins with.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out long nanoseconds)
    {
        nanoseconds = 0;
        return text.Length >= Length && text[0] == (byte)'@' && text[Length - 1] == (byte)'@'
            && Utf8Parser.TryParse(text[1..(Length - 1)], out nanoseconds, out var read) && read == Length - 2;
    }
}
