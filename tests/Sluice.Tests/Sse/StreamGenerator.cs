using CsCheck;

namespace Sluice.Tests.Sse;

/// <summary>Random event streams, made of what streams are made of and of what they should not be made of.</summary>
internal static class StreamGenerator
{
    public static Gen<string> LineEnd { get; } = Gen.OneOf("\n", "\r", "\r\n");

    public static Gen<string> Text { get; } =
        Gen.OneOf("a", "1", " ", ":", "data", "id", "你", "🎉", "\uFEFF", "{\"x\":[]}", new string('y', 40), "\t").Array[0, 5].Select(string.Concat);

    public static Gen<string> AnyLine { get; } = Gen.Frequency(
        (6, Field("data")),
        (2, Field("event")),
        (2, Field("id")),
        (1, Field("retry")),
        (2, Field("")),
        (1, Field("datas")),
        (1, Text),
        (1, Gen.OneOf("id: \0", "id: a\0b", "data: \0", "\0", "retry: 12", "retry: 7x", "event", "event:", "data", "id")),
        (5, Gen.Const("")));

    /// <summary>Anything: also no end of the last line, and a byte order mark or two.</summary>
    public static Gen<string> AnyStream { get; } = Gen.Select(
        Gen.OneOf("", "", "\uFEFF", "\uFEFF\uFEFF"), Lines(AnyLine).Array[0, 20], Text, (mark, lines, rest) => mark + string.Concat(lines) + rest);

    public static Gen<string> Lines(Gen<string> line) => line.Select(LineEnd, (text, end) => text + end);

    public static Gen<string> Field(string name) =>
        Gen.OneOf(":", ": ", ":  ").Select(Text, (colon, value) => name + colon + value);

    /// <summary>Cuts that make pieces of 1 to 9 bytes.</summary>
    public static List<ReadOnlyMemory<byte>> Cut(byte[] bytes, byte[] sizes)
    {
        List<ReadOnlyMemory<byte>> pieces = [];
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            int size = Math.Min(bytes.Length - at, sizes[i % sizes.Length]);
            pieces.Add(bytes.AsMemory(at, size));
            at += size;
        }

        return pieces;
    }
}
