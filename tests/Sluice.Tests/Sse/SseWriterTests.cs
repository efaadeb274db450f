using System.Buffers;
using System.Text;
using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseWriterTests
{
    private readonly ArrayBufferWriter<byte> _output = new();

    private string Written => Encoding.UTF8.GetString(_output.WrittenSpan);

    [Fact]
    public void WriteEvent_StreamAndSequence_IsTheCursor()
    {
        SseWriter.WriteEvent(_output, "st_1"u8, 42, "{\"type\":\"delta\",\"content\":\"你好\"}"u8);
        SseWriter.WriteEvent(_output, "st_1"u8, 43, "[DONE]"u8);
        Assert.Equal(
            "id: st_1.42\ndata: {\"type\":\"delta\",\"content\":\"你好\"}\n\nid: st_1.43\ndata: [DONE]\n\n", Written);
    }

    [Fact]
    public void WriteEvent_Id_StandsAsItIs()
    {
        SseWriter.WriteEvent(_output, "st_lost.end"u8, "{}"u8);
        Assert.Equal("id: st_lost.end\ndata: {}\n\n", Written);
    }

    [Fact]
    public void WriteEvent_NoId_HasNoIdLine()
    {
        SseWriter.WriteEvent(_output, "{}"u8);
        Assert.Equal("data: {}\n\n", Written);
    }

    [Theory]
    [InlineData("", "data: \n\n")]
    [InlineData(" a", "data:  a\n\n")]
    [InlineData("a\nb", "data: a\ndata: b\n\n")]
    [InlineData("a\rb", "data: a\ndata: b\n\n")]
    [InlineData("a\r\nb", "data: a\ndata: b\n\n")]
    [InlineData("a\n\rb", "data: a\ndata: \ndata: b\n\n")]
    [InlineData("a\n", "data: a\ndata: \n\n")]
    [InlineData("a\r\n", "data: a\ndata: \n\n")]
    [InlineData("\n\n", "data: \ndata: \ndata: \n\n")]
    [InlineData("\r", "data: \ndata: \n\n")]
    public void WriteEvent_DataWithLineEnds_IsSplitOverLines(string data, string expected)
    {
        SseWriter.WriteEvent(_output, Reading.Utf8(data));
        Assert.Equal(expected, Written);
    }

    [Fact]
    public void WriteEvent_LargeData_IsOneLine()
    {
        string data = new('x', 100_000);
        SseWriter.WriteEvent(_output, "st_1"u8, long.MaxValue, Reading.Utf8(data));
        Assert.Equal($"id: st_1.{long.MaxValue}\ndata: {data}\n\n", Written);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\ndata: forged")]
    [InlineData("a b")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void WriteEvent_InvalidId_ThrowsAndWritesNothing(string id)
    {
        Assert.Throws<ArgumentException>(() => SseWriter.WriteEvent(_output, Reading.Utf8(id), "{}"u8));
        Assert.Equal("", Written);
    }

    [Theory]
    [InlineData("a\ndata: forged")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void WriteEvent_StreamIdThatMakesNoId_ThrowsAndWritesNothing(string streamId)
    {
        Assert.Throws<ArgumentException>(() => SseWriter.WriteEvent(_output, Reading.Utf8(streamId), 1000, "{}"u8));
        Assert.Equal("", Written);
    }

    [Fact]
    public void WriteEvent_NegativeSequence_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SseWriter.WriteEvent(_output, "st_1"u8, -1, "{}"u8));

    [Fact]
    public void Ping_IsOneLine() => Assert.Equal(": ping\n"u8, SseWriter.Ping);

    [Theory]
    [InlineData(10_000, "retry: 1\n")]
    [InlineData(15_009_999, "retry: 1500\n")]
    [InlineData(long.MaxValue, "retry: 922337203685477\n")]
    public void WriteRetry_Time_IsWholeMilliseconds(long ticks, string expected)
    {
        SseWriter.WriteRetry(_output, TimeSpan.FromTicks(ticks));
        Assert.Equal(expected, Written);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void WriteRetry_NoTime_Throws(int milliseconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SseWriter.WriteRetry(_output, TimeSpan.FromMilliseconds(milliseconds)));
}
