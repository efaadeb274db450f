using System.Text;
using CsCheck;
using Sluice.Providers.Http;

namespace Sluice.Tests.Providers.Http;

public sealed class Http1ChunksTests
{
    private static readonly Gen<string> s_end = Gen.OneOf("\r\n", "\n");

    private static readonly Gen<string> s_chunk =
        from content in Gen.Char['\0', '\u00FF'].Array[1, 40]
        from format in Gen.OneOf("x", "X", "x3", "X5")
        from extension in Gen.OneOf("", "", " ", ";a=b", " \t;a=\"b;c\"")
        from sizeEnd in s_end
        from end in s_end
        select $"{content.Length.ToString(format, null)}{extension}{sizeEnd}{string.Concat(content)}{end}";

    private static readonly Gen<string> s_body =
        from chunks in s_chunk.Array[0, 6]
        from last in Gen.OneOf("0", "000", "0;last")
        from trailers in Gen.OneOf("", "A: b\r\n", "A: b\nC:\r\n")
        from lastEnd in s_end
        from end in s_end
        from behind in Gen.OneOf("", "", "HTTP/1.1 200")
        select $"{string.Concat(chunks)}{last}{lastEnd}{trailers}{end}{behind}";

    private static readonly Gen<string> s_mutated =
        from body in s_body
        from edits in Gen.Select(Gen.Int[0, 2], Gen.Int[0, 300], Gen.OneOf<char>(Gen.Char['\0', '\u00FF'], Gen.OneOf("0123456789abcdefABCDEF;\r\n \t".ToCharArray()))).Array[0, 3]
        select edits.Aggregate(body, (text, edit) => Edit(text, edit.Item1, edit.Item2 % (text.Length + 1), edit.Item3));

    [Theory]
    [InlineData("6\r\n你好\r\n3\r\n吗\r\n0\r\n\r\n", "你好吗")]
    [InlineData("6\n你好\n0\n\n", "你好")]
    [InlineData("06;name=\"值\"\r\n你好\r\n0;x\r\nTrailer: 1\r\nOther: 2\r\n\r\n", "你好")]
    [InlineData("1A \t;e\r\nabcdefghijklmnopqrstuvwxyz\r\n0000\r\n\r\n", "abcdefghijklmnopqrstuvwxyz")]
    [InlineData("1a\r\nABCDEFGHIJKLMNOPQRSTUVWXY\n\r\n0\r\n\r\n", "ABCDEFGHIJKLMNOPQRSTUVWXY\n")]
    [InlineData("4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n")]
    [InlineData("0\r\n\r\n", "")]
    public void Next_BodyInPieces_IsReadWhereverItIsCut(string body, string content)
    {
        var bytes = HttpReply.Utf8(body);
        var expected = new ChunkedText(Encoding.Latin1.GetString(HttpReply.Utf8(content)), bytes.Length);
        Assert.Equal(expected, ChunkedText.Decode([bytes]));
        Assert.Equal(expected, ChunkedText.Decode(bytes.Select(b => new[] { b })));
        for (var first = 0; first <= bytes.Length; first++)
        {
            for (var second = first; second <= bytes.Length; second++)
            {
                Assert.Equal(expected, ChunkedText.Decode([bytes[..first], bytes[first..second], bytes[second..]]));
            }
        }
    }

    [Theory]
    [InlineData("\r\n")]
    [InlineData("x\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("+1\r\n")]
    [InlineData("0x1\r\n")]
    [InlineData(" 1\r\n")]
    [InlineData("1 1\r\n")]
    [InlineData("1,\r\n")]
    [InlineData("1\r;\r\n")]
    [InlineData("1234567890123456\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("2\r\nabc\r\n")]
    [InlineData("2\r\nab0\r\n\r\n")]
    [InlineData("2\r\nab \r\n")]
    public void Next_NoChunk_IsRefusedWhereverItIsCut(string body)
    {
        var bytes = HttpReply.Utf8(body);
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            Assert.Equal(ChunkedText.Invalid, ChunkedText.Decode([bytes[..cut], bytes[cut..]]).End);
        }
    }

    [Theory]
    [InlineData("1;{0}")]
    [InlineData("5\r\nhello{0}")]
    [InlineData("0\r\nTrailer: {0}")]
    public void Next_LineWithoutEnd_IsRefusedSoon(string body)
    {
        var pieces = Enumerable.Repeat(new byte[100], 50).Prepend(HttpReply.Utf8(body.Replace("{0}", "", StringComparison.Ordinal)));
        Assert.Equal(ChunkedText.Invalid, ChunkedText.Decode(pieces).End);
        Assert.Equal(ChunkedText.Unfinished, ChunkedText.Decode(pieces.Take(40)).End);
    }

    [Fact]
    public void Next_TrailersWithoutEnd_AreRefused()
    {
        var trailers = Enumerable.Repeat(HttpReply.Utf8($"A: {new string('b', 997)}\r\n"), 70).Prepend(HttpReply.Utf8("0\r\n")).ToList();
        Assert.Equal(ChunkedText.Invalid, ChunkedText.Decode(trailers).End);
        Assert.Equal(ChunkedText.Unfinished, ChunkedText.Decode(trailers.Take(60)).End);
    }

    [Fact]
    public void Next_ChunkOfManyGigabytes_IsCounted()
    {
        var chunks = default(Http1Chunks);
        Assert.Equal(3, chunks.Next("ffffffffffff\r\nabc"u8, out var taken));
        Assert.Equal(14, taken);
        Assert.Equal(1, chunks.Next("\n"u8, out taken));
        Assert.Equal(0, taken);
    }

    [Fact]
    public void Next_BehindTheEnd_TakesNothing()
    {
        var chunks = default(Http1Chunks);
        Assert.Equal(0, chunks.Next("0\r\n\r\nrest"u8, out var taken));
        Assert.Equal((5, true), (taken, chunks.IsAtEnd));
        Assert.Equal(0, chunks.Next("rest"u8, out taken));
        Assert.Equal(0, taken);
    }

    [Fact]
    public void Next_AnyBodyCutAnywhere_SaysWhatTheOracleSays() =>
        Gen.Select(s_mutated, Gen.Int[0, 300].Array[0, 8]).Sample(
            (body, cuts) => Assert.Equal(ChunkedText.Read(body), ChunkedText.Decode(Cut(Encoding.Latin1.GetBytes(body), cuts))),
            iter: 10_000);

    private static string Edit(string text, int kind, int at, char with) => kind switch
    {
        0 => text.Insert(at, $"{with}"),
        1 => text.Remove(at, Math.Min(1, text.Length - at)),
        _ => text[..at] + with + text[Math.Min(at + 1, text.Length)..],
    };

    private static IEnumerable<byte[]> Cut(byte[] body, int[] cuts)
    {
        int[] ends = [0, .. cuts.Select(cut => Math.Min(cut, body.Length)).Order(), body.Length];
        return ends.Zip(ends.Skip(1), (from, to) => body[from..to]);
    }
}
