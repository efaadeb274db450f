using System.Buffers;
using System.Buffers.Text;

namespace Sluice.Sse;

/// <summary>Writes the frames of an event stream (WHATWG HTML, 9.2.5). Stateless; never flushes.</summary>
public static class SseWriter
{
    /// <summary>Up to this size a frame is written in one piece; beyond it, into whatever pieces the output has.</summary>
    private const int OnePiece = 4096;

    /// <summary>A comment that keeps a connection alive: one line and no blank one, since some clients take a blank line for an event.</summary>
    public static ReadOnlySpan<byte> Ping => ": ping\n"u8;

    /// <summary>Writes an event whose id is <c>{streamId}.{sequence}</c>.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="streamId">The stream; with the sequence it must be a valid <see cref="SseEventId"/>.</param>
    /// <param name="sequence">The event's number in the stream, zero or more.</param>
    /// <param name="data">The payload, UTF-8; each CR, LF or CRLF in it starts a further <c>data:</c> line, so a reader gets LF.</param>
    /// <exception cref="ArgumentException">The id is not valid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The sequence is negative.</exception>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> streamId, long sequence, ReadOnlySpan<byte> data)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sequence);
        Span<byte> id = stackalloc byte[SseEventId.MaxLength];
        if (streamId.Length >= id.Length || !Utf8Formatter.TryFormat(sequence, id[(streamId.Length + 1)..], out int digits))
            throw InvalidId(nameof(streamId));
        streamId.CopyTo(id);
        id[streamId.Length] = (byte)'.';
        WriteEvent(output, id[..(streamId.Length + 1 + digits)], data);
    }

    /// <summary>Writes an event with an id.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="id">A valid <see cref="SseEventId"/>.</param>
    /// <param name="data">The payload, as above.</param>
    /// <exception cref="ArgumentException">The id is not valid.</exception>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        if (!SseEventId.IsValid(id))
            throw InvalidId(nameof(id));
        WriteFrame(output, id, data);
    }

    /// <summary>Writes an event without an id: a client keeps the id that it has.</summary>
    /// <param name="output">Where the frame goes.</param>
    /// <param name="data">The payload, as above.</param>
    public static void WriteEvent(IBufferWriter<byte> output, ReadOnlySpan<byte> data) => WriteFrame(output, [], data);

    /// <summary>Writes how long a client shall wait before it reconnects. One line and no blank one.</summary>
    /// <param name="output">Where the line goes.</param>
    /// <param name="retry">At least a millisecond (zero would make clients reconnect in a hot loop); its whole milliseconds are written.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is too short.</exception>
    public static void WriteRetry(IBufferWriter<byte> output, TimeSpan retry)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentOutOfRangeException.ThrowIfLessThan(retry, TimeSpan.FromMilliseconds(1));
        Span<byte> line = output.GetSpan("retry: \n"u8.Length + 20);
        "retry: "u8.CopyTo(line);
        _ = Utf8Formatter.TryFormat(retry.Ticks / TimeSpan.TicksPerMillisecond, line[7..], out int digits);
        line[7 + digits] = (byte)'\n';
        output.Advance(8 + digits);
    }

    private static void WriteFrame(IBufferWriter<byte> output, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        ArgumentNullException.ThrowIfNull(output);
        int upperBound = "id: \ndata: \n\n"u8.Length + id.Length + data.Length;
        if (upperBound > OnePiece || data.ContainsAny((byte)'\r', (byte)'\n'))
        {
            WriteInPieces(output, id, data);
            return;
        }

        Span<byte> frame = output.GetSpan(upperBound);
        int at = 0;
        if (!id.IsEmpty)
        {
            Put("id: "u8, frame, ref at);
            Put(id, frame, ref at);
            Put("\n"u8, frame, ref at);
        }

        Put("data: "u8, frame, ref at);
        Put(data, frame, ref at);
        Put("\n\n"u8, frame, ref at);
        output.Advance(at);
    }

    private static void WriteInPieces(IBufferWriter<byte> output, ReadOnlySpan<byte> id, ReadOnlySpan<byte> data)
    {
        if (!id.IsEmpty)
        {
            output.Write("id: "u8);
            output.Write(id);
            output.Write("\n"u8);
        }

        while (true)
        {
            int end = data.IndexOfAny((byte)'\r', (byte)'\n');
            output.Write("data: "u8);
            output.Write(end < 0 ? data : data[..end]);
            output.Write("\n"u8);
            if (end < 0)
                break;
            data = data[(data[end..].StartsWith("\r\n"u8) ? end + 2 : end + 1)..];
        }

        output.Write("\n"u8);
    }

    private static void Put(ReadOnlySpan<byte> bytes, Span<byte> frame, ref int at)
    {
        bytes.CopyTo(frame[at..]);
        at += bytes.Length;
    }

    private static ArgumentException InvalidId(string paramName) =>
        new("An event id is 1 to 64 of A-Z, a-z, 0-9, '_', '.' and '-'.", paramName);
}
