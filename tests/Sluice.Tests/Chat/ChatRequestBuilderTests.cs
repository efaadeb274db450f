using System.Runtime.InteropServices;
using Sluice.Chat;
using static Sluice.Tests.Chat.ChunkJson;

namespace Sluice.Tests.Chat;

public sealed class ChatRequestBuilderTests
{
    [Theory]
    [InlineData("""{"prompt":"hi"}""", """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"question":"你好"}""", """{"stream":true,"messages":[{"role":"user","content":"你好"}]}""")]
    [InlineData("""{"prompt":null,"question":"hi"}""", """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"prompt":"hi","messages":null}""", """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"prompt":"hi","model":"m","temperature":1.0}""", """{"stream":true,"messages":[{"role":"user","content":"hi"}],"model":"m","temperature":1.0}""")]
    [InlineData("""{"prompt":"hi","stream":false,"n":3}""", """{"stream":true,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"messages":[{"role":"system","content":"\u4f60"}],"prompt":"hi"}""", """{"stream":true,"messages":[{"role":"system","content":"\u4f60"},{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}]}""", """{"stream":true,"messages":[{"role":"user","content":"a"}]}""")]
    [InlineData("""{"messages":[{"role":"user","content":"a"}],"prompt":" "}""", """{"stream":true,"messages":[{"role":"user","content":"a"}]}""")]
    public void FromAsk_BecomesAChatRequest(string body, string expected)
    {
        ChatRequest request = ChatRequestBuilder.FromAsk(Utf8(body));
        Assert.Equal(expected, Text(request.Body.Span));
        Assert.True(request.Stream);
    }

    [Theory]
    [InlineData("{}", "prompt")]
    [InlineData("""{"prompt":""}""", "prompt")]
    [InlineData("""{"prompt":" \n","messages":[]}""", "prompt")]
    [InlineData("""{"messages":[]}""", "prompt")]
    [InlineData("""{"prompt":7}""", "prompt")]
    [InlineData("""{"question":["a"]}""", "question")]
    [InlineData("""{"prompt":"\ud83d"}""", "prompt")]
    [InlineData("""{"prompt":"a","messages":{}}""", "messages")]
    [InlineData("""{"prompt":"a","messages":"b"}""", "messages")]
    [InlineData("""{"prompt":"a","api_key":"b"}""", "api_key")]
    [InlineData("""{"prompt":"a","model":1}""", "model")]
    [InlineData("""{"prompt":"a","prompt":"b"}""", null)]
    [InlineData("[]", null)]
    public void FromAsk_AsksNothingOrIsNoRequest_Is400(string body, string? param)
    {
        ChatRequestException e = Assert.Throws<ChatRequestException>(() => ChatRequestBuilder.FromAsk(Utf8(body)));
        Assert.Equal((400, param), (e.Status, e.Param));
    }

    [Fact]
    public void FromAsk_QuestionBesideAnEmptyPrompt_IsAsked() =>
        Assert.Equal("hi", ChatRequestBuilder.FromAsk(Utf8("""{"prompt":"","question":"hi"}""")).Question());

    [Fact]
    public void FromAsk_DeepestNesting_IsTaken()
    {
        string body = $$"""{"prompt":"a","x":{{new string('[', 63)}}{{new string(']', 63)}}}""";
        Assert.Equal("a", ChatRequestBuilder.FromAsk(Utf8(body)).Question());
    }

    [Fact]
    public void FromAsk_BodyIsReusedByItsOwner_IsNotKept()
    {
        byte[] body = Utf8("""{"prompt":"hi","messages":[{"role":"system","content":"s"}]}""");
        ChatRequest request = ChatRequestBuilder.FromAsk(body);
        Array.Clear(body);
        Assert.Equal("hi", request.Question());
    }

    [Fact]
    public void Body_IsKeptAsLongAsItsAnswer_InABufferOfItsSize()
    {
        foreach (var body in new[] { ChatRequestBuilder.Build("hi", "model").Body, ChatRequestBuilder.FromAsk(Utf8("""{"prompt":"hi"}""")).Body })
        {
            Assert.True(MemoryMarshal.TryGetArray(body, out var kept));
            Assert.Equal(body.Length, kept.Array!.Length);
        }
    }
}
