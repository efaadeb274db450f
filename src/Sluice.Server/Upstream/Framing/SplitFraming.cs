using System.Buffers;
using System.IO.Pipelines;

namespace Sluice.Server.Upstream.Framing;

/// <summary>As Bella frames: `data:`, the JSON and two newlines leave in three flushes, with no space after the colon.</summary>
internal sealed class SplitFraming : IEventFraming
{
    public static readonly SplitFraming Bella = new();

    public async ValueTask WriteAsync(PipeWriter output, ReadOnlyMemory<byte> data)
    {
        output.Write("data:"u8);
        await output.FlushAsync();
        output.Write(data.Span);
        await output.FlushAsync();
        output.Write("\n\n"u8);
        await output.FlushAsync();
    }
}
