using Sluice.Chat;
using static Sluice.Tests.Chat.ChunkJson;

namespace Sluice.Tests.Chat;

public sealed class ChatChunkTests
{
    [Theory]
    [InlineData("""{"content":"a"}""", ChatChunkKind.Content)]
    [InlineData("""{"refusal":"no"}""", ChatChunkKind.Content)]
    [InlineData("""{"content":"","refusal":"no"}""", ChatChunkKind.Content)]
    [InlineData("""{"content":""}""", ChatChunkKind.Preamble)]
    [InlineData("""{"content":null}""", ChatChunkKind.Preamble)]
    [InlineData("""{"content":7}""", ChatChunkKind.Preamble)]
    [InlineData("""{"content":{"text":"a"}}""", ChatChunkKind.Preamble)]
    [InlineData("""{"role":"assistant"}""", ChatChunkKind.Preamble)]
    [InlineData("""{"reasoning_content":"r"}""", ChatChunkKind.Reasoning)]
    [InlineData("""{"reasoning":"r"}""", ChatChunkKind.Reasoning)]
    [InlineData("""{"reasoning_content":null,"reasoning":"r"}""", ChatChunkKind.Reasoning)]
    [InlineData("""{"content":"a","reasoning_content":"r"}""", ChatChunkKind.Content | ChatChunkKind.Reasoning)]
    [InlineData("""{"tool_calls":[{"index":0,"id":""}]}""", ChatChunkKind.Tool)]
    [InlineData("""{"tool_calls":[]}""", ChatChunkKind.Preamble)]
    [InlineData("""{"tool_calls":[ ]}""", ChatChunkKind.Preamble)]
    [InlineData("""{"tool_calls":null}""", ChatChunkKind.Preamble)]
    [InlineData("""{"tool_calls":"x"}""", ChatChunkKind.Preamble)]
    [InlineData("""{"function_call":{"name":"f"}}""", ChatChunkKind.Tool)]
    [InlineData("""{"function_call":{ }}""", ChatChunkKind.Preamble)]
    [InlineData("[]", ChatChunkKind.Preamble)]
    [InlineData("null", ChatChunkKind.Preamble)]
    public void Kind_OfADelta_SaysWhatItHolds(string delta, ChatChunkKind kind) =>
        Assert.Equal(kind, Parse($$"""{"choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""").Kind);

    [Theory]
    [InlineData("{}", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":[]}""", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":null}""", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":{"a":[1]}}""", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":[1,"a",null,[2]]}""", ChatChunkKind.Preamble)]
    [InlineData("""{"choices":[],"sensitives":[{"word":"x"}]}""", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":[],"usage":{"prompt_tokens":1}}""", ChatChunkKind.NoChoices | ChatChunkKind.Usage)]
    [InlineData("""{"choices":[],"usage":null}""", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":[],"usage":[1]}""", ChatChunkKind.NoChoices)]
    [InlineData("""{"choices":[{"finish_reason":"stop"}]}""", ChatChunkKind.Finish)]
    [InlineData("""{"choices":[{"finish_reason":""}]}""", ChatChunkKind.Preamble)]
    [InlineData("""{"choices":[{"finish_reason":null}]}""", ChatChunkKind.Preamble)]
    [InlineData("""{"choices":[{"index":1,"finish_reason":"stop"},{"index":2,"delta":{"content":"x"}}]}""", ChatChunkKind.Finish | ChatChunkKind.Content)]
    public void Kind_OfAChunk_SaysWhatItHolds(string json, ChatChunkKind kind) => Assert.Equal(kind, Parse(json).Kind);

    [Theory]
    [InlineData("""{"message":"m"}""", true)]
    [InlineData("\"text\"", true)]
    [InlineData("[1]", true)]
    [InlineData("true", true)]
    [InlineData("null", false)]
    [InlineData("false", false)]
    [InlineData("\"\"", false)]
    [InlineData("{}", false)]
    [InlineData("{ }", false)]
    [InlineData("[]", false)]
    [InlineData("0", false)]
    public void Kind_OfAnError_HoldsIfItSaysAnything(string error, bool isError) =>
        Assert.Equal(isError, Parse($$"""{"error":{{error}},"choices":[]}""").Kind.HasFlag(ChatChunkKind.Error));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("1")]
    [InlineData("{")]
    [InlineData("""{"a":1""")]
    [InlineData("""{"a":1}}""")]
    [InlineData("""{"a":1}x""")]
    [InlineData("""{"a":1}{"b":2}""")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{a:1}""")]
    [InlineData("""{"a":'b'}""")]
    [InlineData("""{"a":1 /* c */}""")]
    [InlineData("""{"choices":[{"delta":{"content":"a}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"\x"}}]}""")]
    [InlineData("""{"choices":[{"index":01}]}""")]
    [InlineData("\uFEFF{}")]
    [InlineData("[DONE]")]
    [InlineData("<html></html>")]
    public void TryParse_NotOneWholeObject_IsFalse(string json) => Assert.False(IsChunk(json));

    [Theory]
    [InlineData(" {} ")]
    [InlineData("{}\n")]
    [InlineData("\r\n\t{ \"choices\" : [ ] }\t")]
    public void TryParse_WhiteSpaceAround_IsTrue(string json) => Assert.True(IsChunk(json));

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void TryParse_Nesting_IsTakenTo64Levels(int arrays, bool isChunk) =>
        Assert.Equal(isChunk, IsChunk($$"""{"a":{{new string('[', arrays)}}{{new string(']', arrays)}}}"""));

    [Fact]
    public void TryParse_InvalidUtf8_IsFalse()
    {
        byte[] json = Utf8(Delta("""
            "content":"?"
            """));
        int at = Array.IndexOf(json, (byte)'?');
        foreach (byte wrong in (byte[])[0x80, 0xC0, 0xFF, 0xE4])
        {
            json[at] = wrong;
            Assert.False(ChatChunk.TryParse(json, out _));
        }
    }

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"\udc00\ud800":1,"choices":[{"\ud83d":1,"delta":{"\ud800\ud800":"x"}}]}""")]
    [InlineData("""{"choices":[{"delta":{"content":"\ud83d"}}]}""")]
    public void TryParse_HalfOfASurrogatePair_IsLegalJson(string json) => Assert.True(IsChunk(json));

    [Fact]
    public void TryParse_EscapedNames_AreTheSameNames()
    {
        ChatChunk chunk = Parse("""{"\u0063hoices":[{"delt\u0061":{"cont\u0065nt":"a"},"finish\u005freason":"stop"}],"us\u0061ge":{"a":1}}""");
        Assert.Equal(ChatChunkKind.Content | ChatChunkKind.Finish | ChatChunkKind.Usage, chunk.Kind);
    }

    [Fact]
    public void Json_IsTheVeryBytes()
    {
        byte[] json = Utf8("""{"choices":[] ,"x":1}""");
        Assert.True(ChatChunk.TryParse(json, out ChatChunk chunk));
        Assert.True(chunk.Json.Span.Overlaps(json));
        Assert.Equal(json, chunk.Json.ToArray());
    }

    [Theory]
    [InlineData("""{"choices":[{"delta":{"content":"a"}}]}""", true, true)]
    [InlineData("""{"choices":[{"delta":{"reasoning":"a"}}]}""", true, true)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{}]}}]}""", true, true)]
    [InlineData("""{"choices":[{"delta":{},"finish_reason":"stop"}]}""", true, false)]
    [InlineData("""{"choices":[],"usage":{}}""", false, false)]
    [InlineData("""{"choices":[{"delta":{"role":"assistant"}}]}""", false, false)]
    public void IsMeaningful_IsToken_FollowTheKind(string json, bool isMeaningful, bool isToken)
    {
        ChatChunk chunk = Parse(json);
        Assert.Equal((isMeaningful, isToken), (chunk.IsMeaningful, chunk.IsToken));
    }

    [Fact]
    public void ContentAndReasoning_AreThoseOfTheView_AlsoOverACopy()
    {
        var chunk = Parse("""{"choices":[{"index":0,"delta":{"reasoning_content":"hm \u4f60","content":"a \"b\" 好"}}]}""");
        foreach (var same in new[] { chunk, chunk.Over(chunk.Json.ToArray()) })
        {
            Assert.Equal(same.View.Content.ToArray(), same.Content.ToArray());
            Assert.Equal(same.View.Reasoning.ToArray(), same.Reasoning.ToArray());
            Assert.False(same.Content.IsEmpty || same.Reasoning.IsEmpty);
        }

        var role = Parse("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""");
        Assert.True(role.Content.IsEmpty && role.Reasoning.IsEmpty);
    }

    [Fact]
    public void HeartbeatAndDone_HoldNothing()
    {
        Assert.Equal((0, ChatChunkKind.Heartbeat, false), (ChatChunk.Heartbeat.Json.Length, ChatChunk.Heartbeat.Kind, ChatChunk.Heartbeat.IsMeaningful));
        Assert.Equal((0, ChatChunkKind.Done, false), (ChatChunk.Done.Json.Length, ChatChunk.Done.Kind, ChatChunk.Done.IsMeaningful));
    }
}
