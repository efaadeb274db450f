using Sluice.Chat;
using static Sluice.Tests.Chat.ChunkJson;

namespace Sluice.Tests.Chat;

public sealed class ChatRequestTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("""{"a":1,}""")]
    [InlineData("""{"a":1} x""")]
    [InlineData("\uFEFF{}")]
    public void Parse_NotOneObject_Is400(string body)
    {
        ChatRequestException e = Refused(body);
        Assert.Equal((400, "invalid_json"), (e.Status, e.Code));
    }

    [Theory]
    [InlineData("""{"model":"?"}""")]
    [InlineData("""{"messages":[{"role":"user","content":"?"}]}""")]
    [InlineData("""{"?":1}""")]
    public void Parse_InvalidUtf8_Is400(string body)
    {
        byte[] bytes = Utf8(body);
        bytes[Array.IndexOf(bytes, (byte)'?')] = 0xC3;
        ChatRequestException e = Assert.Throws<ChatRequestException>(() => ChatRequest.Parse(bytes));
        Assert.Equal((400, "invalid_json"), (e.Status, e.Code));
        Assert.Contains("UTF-8", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":1,"\u0061":2}""")]
    [InlineData("""{"model":"x","mod\u0065l":"y"}""")]
    [InlineData("""{"messages":[{"role":"user","role":"system"}]}""")]
    [InlineData("""{"a":{"b":[[{"c":{"d":1,"e":2,"\u0064":3}}]]}}""")]
    [InlineData("""{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10,"k":11,"l":12,"m":13,"n":14,"o":15,"p":16,"q":17,"a":18}""")]
    [InlineData("""{"你":1,"\u4f60":2}""")]
    public void Parse_NameTwiceInOneObject_Is400(string body)
    {
        ChatRequestException e = Refused(body);
        Assert.Equal((400, "invalid_json"), (e.Status, e.Code));
        Assert.Contains("twice", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}""")]
    [InlineData("""{"a":1,"A":2}""")]
    public void Parse_SameNameInDifferentObjects_IsTaken(string body) => Assert.NotNull(Request(body));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)]
    public void Parse_Nesting_IsTakenTo64Levels(int levels, bool isTaken)
    {
        string body = $$"""{"a":{{new string('[', levels - 1)}}{{new string(']', levels - 1)}}}""";
        if (isTaken)
            Assert.NotNull(Request(body));
        else
            Assert.Equal((400, "invalid_json"), (Refused(body).Status, Refused(body).Code));
    }

    [Theory]
    [InlineData("base_url")]
    [InlineData("api_base")]
    [InlineData("api_key")]
    [InlineData("extra_headers")]
    public void Parse_FieldThatWouldRedirectTheCall_Is400AtTheTopLevelOnly(string name)
    {
        ChatRequestException e = Refused($$"""{"{{name}}":null}""");
        Assert.Equal((400, name), (e.Status, e.Param));
        string escaped = $"\\u{(int)name[0]:x4}{name[1..]}";
        Assert.Equal(name, Refused($$"""{"model":"m","{{escaped}}":"secret-value"}""").Param);
        Assert.DoesNotContain("secret-value", Refused($$"""{"{{name}}":"secret-value"}""").Message, StringComparison.Ordinal);
        Assert.NotNull(Request($$"""{"metadata":{"{{name}}":"x"},"tools":[{"{{name}}":1}]}"""));
    }

    [Theory]
    [InlineData("""{"model":1}""", "model")]
    [InlineData("""{"model":{}}""", "model")]
    [InlineData("""{"model":["a"]}""", "model")]
    [InlineData("""{"model":true}""", "model")]
    [InlineData("""{"stream":"true"}""", "stream")]
    [InlineData("""{"stream":1}""", "stream")]
    [InlineData("""{"stream_options":true}""", "stream_options")]
    [InlineData("""{"stream_options":[]}""", "stream_options")]
    public void Parse_FieldOfAWrongType_Is400AndNamesIt(string body, string param)
    {
        ChatRequestException e = Refused(body);
        Assert.Equal((400, "invalid_request", param), (e.Status, e.Code, e.Param));
    }

    [Theory]
    [InlineData("""{"model":"\ud800"}""")]
    [InlineData("""{"\ud800":1,"b":2}""")]
    public void Parse_HalfOfASurrogatePairWhereTextIsNeeded_Is400(string body) => Assert.Equal(400, Refused(body).Status);

    [Theory]
    [InlineData("{}", null, false, false)]
    [InlineData("""{"model":null,"stream":null,"stream_options":null}""", null, false, false)]
    [InlineData("""{"model":""}""", null, false, false)]
    [InlineData("""{"model":"a\u0062c","stream":true}""", "abc", true, false)]
    [InlineData("""{"mod\u0065l":"你好/x","str\u0065am":false}""", "你好/x", false, false)]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":true}}""", null, true, true)]
    [InlineData("""{"stream":true,"stream_options":{"include_usage":false,"x":1}}""", null, true, false)]
    [InlineData("""{"stream_options":{"include_usage":null,"model":"wrong"},"model":"m","stream":true}""", "m", true, false)]
    [InlineData("""{"stream_options":null,"model":"m","stream":true}""", "m", true, false)]
    [InlineData("""{"metadata":{"model":"wrong","stream":true},"messages":[{"model":"wrong"}]}""", null, false, false)]
    public void Parse_Fields_AreRead(string body, string? model, bool stream, bool includeUsage)
    {
        ChatRequest request = Request(body);
        Assert.Equal((model, stream, includeUsage), (request.Model, request.Stream, request.IncludeUsage));
    }

    [Theory]
    [InlineData("""{"messages":[{"role":"user","content":"hi"}]}""", "hi")]
    [InlineData("""{"messages":[{"role":"user","content":"one"},{"role":"assistant","content":"x"},{"role":"user","content":"two"},{"role":"assistant","content":"y"}]}""", "two")]
    [InlineData("""{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url","image_url":{}},{"type":"text","text":"b"}]}]}""", "a\nb")]
    [InlineData("""{"messages":[{"role":"user","content":null}]}""", "")]
    [InlineData("""{"messages":[{"role":"user"},"x",1,null]}""", "")]
    [InlineData("""{"messages":[]}""", "")]
    [InlineData("""{"messages":"x"}""", "")]
    [InlineData("{}", "")]
    [InlineData("""{"x":{"messages":[{"role":"user","content":"wrong"}]}}""", "")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud83d"}]}""", "")]
    [InlineData("""{"messages":[{"role":"user","content":"hi"},{"role":"\ud83d","content":"x"}]}""", "hi")]
    [InlineData("""{"messages":[{"role":"us\u0065r","content":"\u4f60"}]}""", "你")]
    public void Question_IsTheLastUserText(string body, string question) => Assert.Equal(question, Request(body).Question());

    [Fact]
    public void ForAndWithTraceId_KeepAllElse()
    {
        ChatRequest request = Request("""{"model":"a","stream":true}""").WithTraceId("t1").For("b").WithTraceId("t2").For("c");
        Assert.Equal(("c", true, "t2"), (request.Model, request.Stream, request.TraceId));
        Assert.Equal("""{"model":"a","stream":true}""", Text(request.Body.Span));
    }

    [Fact]
    public void FromQuestion_IsAStreamedRequestOfOneMessage()
    {
        ChatRequest request = ChatRequest.FromQuestion("\"你好\" 👋\n", "m");
        Assert.Equal(("m", true, "\"你好\" 👋\n"), (request.Model, request.Stream, request.Question()));
        Assert.Null(ChatRequest.FromQuestion("x").Model);
    }

    private static ChatRequest Request(string body) => ChatRequest.Parse(Utf8(body));

    private static ChatRequestException Refused(string body) => Assert.Throws<ChatRequestException>(() => Request(body));
}
