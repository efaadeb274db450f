using System.IO.Pipelines;

namespace Sluice.Server.Upstream.Framing;

/// <summary>Every byte in a flush of its own: each character of more than one byte, each line end and each escape is split.</summary>
internal sealed class OneByteFraming : IEventFraming
{
    public static readonly OneByteFraming Instance = new();

    private static readonly byte[] Prefix = "data: "u8.ToArray();
    private static readonly byte[] End = "\n\n"u8.ToArray();

    public async ValueTask WriteAsync(PipeWriter output, ReadOnlyMemory<byte> data)
    {
        await WriteBytesAsync(output, Prefix);
        await WriteBytesAsync(output, data);
        await WriteBytesAsync(output, End);
    }

    private static async ValueTask WriteBytesAsync(PipeWriter output, ReadOnlyMemory<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            output.GetSpan(1)[0] = bytes.Span[i];
            output.Advance(1);
            await output.FlushAsync();
        }
    }
}
