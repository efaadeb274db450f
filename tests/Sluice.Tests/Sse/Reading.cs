using System.IO.Pipelines;
using System.Text;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

/// <summary>Reads whole streams that arrive in chosen pieces.</summary>
internal static class Reading
{
    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <param name="bytes">What to cut.</param>
    /// <param name="size">Bytes per piece; 0 for all in one.</param>
    public static List<ReadOnlyMemory<byte>> Cut(byte[] bytes, int size) =>
        bytes.Chunk(size == 0 ? Math.Max(bytes.Length, 1) : size).Select(piece => new ReadOnlyMemory<byte>(piece)).ToList();

    /// <summary>One read of the pipe per piece.</summary>
    public static PipeReader ReadByRead(IReadOnlyList<ReadOnlyMemory<byte>> pieces) =>
        PipeReader.Create(new PiecewiseStream(pieces), new StreamPipeReaderOptions(bufferSize: 65536));

    /// <summary>One read of the pipe, whose buffer consists of the pieces.</summary>
    public static PipeReader AtOnce(IReadOnlyList<ReadOnlyMemory<byte>> pieces) =>
        PipeReader.Create(SequenceBuilder.Build(pieces));

    public static async Task<List<SeenEvent>> AllAsync(PipeReader input, SseReaderOptions? options = null)
    {
        await using var reader = new SseReader(input, options);
        return await AllAsync(reader);
    }

    public static async Task<List<SeenEvent>> AllAsync(SseReader reader)
    {
        List<SeenEvent> seen = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            seen.Add(SeenEvent.CopyOf(reader));
        return seen;
    }
}
