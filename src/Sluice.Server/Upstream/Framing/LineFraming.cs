using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Sluice.Server.Upstream.Framing;

/// <summary>One `data:` line and a blank line, in one flush.</summary>
internal sealed class LineFraming(string prefix, string end) : IEventFraming
{
    /// <summary>As the OpenAI API frames.</summary>
    public static readonly LineFraming OpenAi = new("data: ", "\n\n");

    /// <summary>Line ends as on Windows.</summary>
    public static readonly LineFraming CrLf = new("data: ", "\r\n\r\n");

    private readonly byte[] _prefix = System.Text.Encoding.ASCII.GetBytes(prefix);
    private readonly byte[] _end = System.Text.Encoding.ASCII.GetBytes(end);

    public ValueTask WriteAsync(PipeWriter output, ReadOnlyMemory<byte> data)
    {
        var length = _prefix.Length + data.Length + _end.Length;
        var span = output.GetSpan(length);
        _prefix.CopyTo(span);
        data.Span.CopyTo(span[_prefix.Length..]);
        _end.CopyTo(span[(_prefix.Length + data.Length)..]);
        output.Advance(length);
        var flush = output.FlushAsync();
        if (!flush.IsCompletedSuccessfully) return AwaitAsync(flush);
        _ = flush.GetAwaiter().GetResult();
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask AwaitAsync(ValueTask<FlushResult> flush) => await flush;
}
