using Sluice.Sse;

namespace Sluice.Tests.Sse;

public sealed class SseEventIdTests
{
    [Fact]
    public void IsValid_EachSingleByte_IsTheClosedAlphabet()
    {
        for (int value = 0; value < 256; value++)
        {
            bool expected = char.IsAsciiLetterOrDigit((char)value) || (char)value is '_' or '.' or '-';
            Assert.Equal(expected, SseEventId.IsValid([(byte)value]));
            Assert.Equal(expected, SseEventId.IsValid([(char)value]));
        }
    }

    [Theory]
    [InlineData("st_abc-DEF.1", true)]
    [InlineData("st_lost.end", true)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("a\n", false)]
    [InlineData("a\r\ndata: x", false)]
    [InlineData("a:1", false)]
    [InlineData("ä", false)]
    [InlineData("ａ", false)]
    public void IsValid_Text_FollowsTheAlphabet(string id, bool expected)
    {
        Assert.Equal(expected, SseEventId.IsValid(id));
        Assert.Equal(expected, SseEventId.IsValid(Reading.Utf8(id)));
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void IsValid_Length_IsAtMost64(int length, bool expected)
    {
        string id = new('a', length);
        Assert.Equal(expected, SseEventId.IsValid(id));
        Assert.Equal(expected, SseEventId.IsValid(Reading.Utf8(id)));
    }
}
