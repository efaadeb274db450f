using System.Text;

namespace Sluice.Tests.Sse;

public sealed class SseReaderSplitTests
{
    private const string Answer =
        "\uFEFF: 你好\r\nevent: 增量\r\nid: 一-1\r\ndata: {\"content\":\"你好，世界 👩‍👩‍👧‍👦🇨🇳\"}\r\n\r\n"
        + "data: 第一行\rdata:第二行 🎉\r\r: ping\nretry: 1500\nid\ndata: [完]\n\n";

    private static readonly SeenEvent[] s_expected =
    [
        SeenEvent.Of("{\"content\":\"你好，世界 👩‍👩‍👧‍👦🇨🇳\"}", "增量", "一-1"),
        SeenEvent.Of("第一行\n第二行 🎉", id: "一-1"),
        SeenEvent.Of("[完]"),
    ];

    [Fact]
    public async Task ReadAsync_CutInTwoAnywhere_GivesTheSameEvents()
    {
        byte[] bytes = Reading.Utf8(Answer);
        for (int cut = 0; cut <= bytes.Length; cut++)
        {
            ReadOnlyMemory<byte>[] pieces = [bytes.AsMemory(0, cut), bytes.AsMemory(cut)];
            Assert.Equal(s_expected, await Reading.AllAsync(Reading.AtOnce(pieces)));
            Assert.Equal(s_expected, await Reading.AllAsync(Reading.ReadByRead([.. pieces.Where(piece => !piece.IsEmpty)])));
        }
    }

    [Fact]
    public async Task ReadAsync_EndsAnywhere_GivesAPrefixOfTheWholeEvents()
    {
        byte[] bytes = Reading.Utf8(Answer);
        for (int length = 0; length <= bytes.Length; length++)
        {
            List<SeenEvent> seen = await Reading.AllAsync(Reading.AtOnce([bytes.AsMemory(0, length)]));
            SeenEvent[] whole = [.. seen.Where(e => e.IsTerminated)];
            Assert.Equal(s_expected.Take(whole.Length), whole);
            Assert.InRange(seen.Count - whole.Length, 0, 1);
        }
    }

    [Fact]
    public async Task ReadAsync_InvalidUtf8_PassesAsItIs()
    {
        byte[] bytes = [.. "data: "u8, 0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80, .. "\n\n"u8];
        List<SeenEvent> seen = await Reading.AllAsync(Reading.ReadByRead(Reading.Cut(bytes, 1)));
        Assert.Equal([0xFF, 0xC3, 0x28, 0xED, 0xA0, 0x80], Encoding.Latin1.GetBytes(Assert.Single(seen).Data));
    }
}
