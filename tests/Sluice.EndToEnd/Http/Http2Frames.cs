using System.Buffers.Binary;
using System.Text;

namespace Sluice.EndToEnd.Http;

/// <summary>As much of HTTP/2 as it takes to misuse it. Source: RFC 9113, RFC 7541.</summary>
internal static class Http2Frames
{
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte EndOfStreamAndHeaders = 5;
    private const int Cancel = 8;

    /// <summary>What a client says first.</summary>
    public static byte[] Preface { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    /// <summary>Questions, each taken back in the next frame.</summary>
    /// <param name="path">What is asked for; at most 126 characters.</param>
    /// <param name="first">The number of the first stream: odd.</param>
    /// <param name="count">How many.</param>
    public static byte[] TakenBack(string path, int first, int count)
    {
        // :method GET, :scheme http, :path and :authority as literals that nobody has to remember.
        byte[] block = [0x82, 0x86, 0x04, (byte)path.Length, .. Encoding.ASCII.GetBytes(path), 0x01, 1, (byte)'x'];
        var cancel = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(cancel, Cancel);
        var frames = new List<byte>();
        for (var i = 0; i < count; i++)
        {
            frames.AddRange(Frame(Headers, EndOfStreamAndHeaders, first + (2 * i), block));
            frames.AddRange(Frame(Reset, 0, first + (2 * i), cancel));
        }

        return [.. frames];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var id = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(id, stream);
        return [(byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags, .. id, .. payload];
    }
}
