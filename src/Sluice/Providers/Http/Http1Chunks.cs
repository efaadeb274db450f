using System.Runtime.InteropServices;

namespace Sluice.Providers.Http;

/// <summary>Tells a chunked body's content from its framing (RFC 9112, 7.1), at whatever places the bytes are split.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Http1Chunks
{
    private const int MaxLineBytes = 4 * 1024;
    private const int MaxTrailerBytes = 64 * 1024;

    private State _state;
    private long _left;
    private int _trailerBytes;

    private enum State
    {
        Size,
        Content,
        ContentEnd,
        Trailers,
        End,
    }

    /// <summary>Whether the last chunk and everything behind it has been taken.</summary>
    public readonly bool IsAtEnd => _state == State.End;

    /// <summary>Finds the next piece of content.</summary>
    /// <param name="bytes">What has come and has not been taken.</param>
    /// <param name="taken">How many bytes of framing stand before the piece: taken by this call, whatever it returns.</param>
    /// <returns>The length of the content behind them, taken too; 0 where more input is needed, or at the end.</returns>
    /// <exception cref="HttpIOException">This is no chunk.</exception>
    public int Next(ReadOnlySpan<byte> bytes, out int taken)
    {
        taken = 0;
        while (_state != State.End)
        {
            var rest = bytes[taken..];
            if (_state == State.Content)
            {
                var count = (int)Math.Min(_left, rest.Length);
                _left -= count;
                _state = _left == 0 ? State.ContentEnd : State.Content;
                return count;
            }

            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
            {
                return rest.Length <= MaxLineBytes ? 0 : throw Invalid();
            }

            taken += end + 1;
            TakeLine(rest[..end].TrimEnd((byte)'\r'));
        }

        return 0;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        switch (_state)
        {
            case State.Size:
                _left = ParseSize(line);
                _state = _left == 0 ? State.Trailers : State.Content;
                break;
            case State.ContentEnd:
                _state = line.IsEmpty ? State.Size : throw Invalid();
                break;
            default:
                _trailerBytes += line.Length;
                _state = line.IsEmpty ? State.End : _trailerBytes <= MaxTrailerBytes ? State.Trailers : throw Invalid();
                break;
        }
    }

    // `1a`, or `1a;name=value`: what stands behind the size says nothing to us.
    private static long ParseSize(ReadOnlySpan<byte> line)
    {
        var size = 0L;
        var digits = 0;
        foreach (var c in line)
        {
            if (!char.IsAsciiHexDigit((char)c))
            {
                break;
            }

            if (++digits > 15)
            {
                throw Invalid();
            }

            size = (size << 4) + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        }

        var rest = line[digits..].TrimStart(" \t"u8);
        return digits > 0 && (rest.IsEmpty || rest[0] == (byte)';') ? size : throw Invalid();
    }

    private static HttpIOException Invalid() => new(HttpRequestError.InvalidResponse, "The upstream's body is not in chunks, as its headers said.");
}
