using System.Text.Json;
using Sluice.Chat;
using static Sluice.Tests.Chat.ChunkJson;

namespace Sluice.Tests.Chat;

public sealed class ChatChunkViewTests
{
    [Fact]
    public void Parse_WholeChunk_ShowsEachField()
    {
        ChatChunkView view = Parse("""
            {"id":"c1","model":"gpt-4o","choices":[{"index":0,"logprobs":{"content":[{"token":"wrong"}]},"delta":{"role":"assistant",
            "content":"Hi","reasoning_content":"Hm","tool_calls":[ {"index":0} ],"extra":{"content":"wrong"}},"finish_reason":"stop"}],
            "usage":{ "prompt_tokens": 3 },"content":"wrong","x":{"usage":1,"error":"wrong"}}
            """).View;

        Assert.Equal("Hi", Text(view.Content));
        Assert.Equal("Hm", Text(view.Reasoning));
        Assert.Equal("""[ {"index":0} ]""", Text(view.ToolCalls));
        Assert.Equal("stop", Text(view.FinishReason));
        Assert.Equal("""{ "prompt_tokens": 3 }""", Text(view.Usage));
        Assert.Equal("gpt-4o", Text(view.Model));
        Assert.True(view.Error.IsEmpty);
    }

    [Theory]
    [InlineData(@"a\nb")]
    [InlineData(@"\""quoted\""")]
    [InlineData(@"\u4f60\u597d")]
    [InlineData(@"\ud83d\ude00")]
    [InlineData(@"\ud83d")]
    [InlineData("你好 👋")]
    [InlineData(@"\/ \\ \t")]
    public void Content_Escapes_StayAsTheyStand(string content) =>
        Assert.Equal(content, Text(Parse(Delta($"\"content\":\"{content}\"")).View.Content));

    [Fact]
    public void View_SeveralChoices_ShowsIndexZeroWhereverItStands()
    {
        ChatChunkView view = Parse("""
            {"choices":[{"index":1,"delta":{"content":"one"},"finish_reason":"length"},{"delta":{"content":"zero"},"index":0},{"index":2,"delta":{"content":"two"}}]}
            """).View;
        Assert.Equal("zero", Text(view.Content));
        Assert.True(view.FinishReason.IsEmpty);
        Assert.Equal(ChatChunkKind.Content | ChatChunkKind.Finish, view.Kind);
    }

    [Fact]
    public void View_OnlyAnotherChoice_ShowsNothingButCounts()
    {
        ChatChunkView view = Parse("""{"choices":[{"index":1,"delta":{"content":"one"}}]}""").View;
        Assert.True(view.Content.IsEmpty);
        Assert.Equal(ChatChunkKind.Content, view.Kind);
    }

    [Theory]
    [InlineData("\"0\"")]
    [InlineData("null")]
    [InlineData("1.5")]
    [InlineData("99999999999999999999")]
    [InlineData("[1]")]
    public void View_IndexIsNoInteger_CountsAsZero(string index) =>
        Assert.Equal("a", Text(Parse($"{{\"choices\":[{{\"index\":{index},\"delta\":{{\"content\":\"a\"}}}}]}}").View.Content));

    [Fact]
    public void Content_RefusalBesideEmptyContent_IsTheRefusal() =>
        Assert.Equal("no", Text(Parse(Delta("""
            "refusal":"no","content":""
            """)).View.Content));

    [Theory]
    [InlineData("""{"code":"429","message":"busy"}""")]
    [InlineData("\"broken\"")]
    [InlineData("[1, 2]")]
    public void Error_IsTheValueAsItStands(string error) =>
        Assert.Equal(error, Text(Parse($$"""{"error": {{error}} ,"choices":[]}""").View.Error));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{} {}")]
    public void Parse_NotOneObject_Throws(string json) => Assert.ThrowsAny<JsonException>(() => ChatChunkView.Parse(Utf8(json)).Kind);
}
