using System.Buffers;
using System.Text;
using System.Text.Json;
using Sluice.Server.Upstream.Answers;

namespace Sluice.Tests.Server.Upstream.Answers;

public sealed class ScriptedAnswerTests
{
    [Fact]
    public void Text_OfFiveTokens_IsFixed() =>
        Assert.Equal("你好，0 世界1 🚀2 \"quoted\"3 back\\slash4 ", ScriptedAnswer.Text(5));

    [Fact]
    public void Token_AfterAllPhrases_StartsAgainWithItsOwnNumber() => Assert.Equal("你好，16 ", ScriptedAnswer.Token(16));

    [Theory]
    [InlineData(0, "你好，0 ")]
    [InlineData(1, "\\u4E16\\u754C1 ")]
    [InlineData(2, "🚀2 ")]
    [InlineData(8, "data: [DONE]\\n\\n8 ")]
    [InlineData(13, "\\u0022finish_reason\\u0022:\\u0022stop\\u002213 ")]
    public void WriteJson_OfAToken_IsTheseBytes(int index, string json) => Assert.Equal(json, Json(index));

    [Fact]
    public void WriteJson_OfAnyToken_ReadsBackAsTheToken()
    {
        for (var i = 0; i < 64; i++)
        {
            using var document = JsonDocument.Parse($"\"{Json(i)}\"");
            Assert.Equal(ScriptedAnswer.Token(i), document.RootElement.GetString());
        }
    }

    [Theory]
    [InlineData("", 0, 0)]
    [InlineData("你好，0 世界1 ", 2, 0)]
    [InlineData("你好，0 世界1", 1, 3)]
    public void Resume_AfterItsOwnBeginning_GoesOnThere(string prefix, int token, int skip) =>
        Assert.Equal((token, skip), ScriptedAnswer.Resume(prefix));

    [Fact]
    public void Resume_AfterOtherText_IsNull() => Assert.Null(ScriptedAnswer.Resume("你好，0 something else"));

    private static string Json(int index)
    {
        var output = new ArrayBufferWriter<byte>();
        ScriptedAnswer.WriteJson(index, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
