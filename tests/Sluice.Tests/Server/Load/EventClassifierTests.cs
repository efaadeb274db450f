using System.Text;
using Sluice.Server.Load;

namespace Sluice.Tests.Server.Load;

public sealed class EventClassifierTests
{
    [Theory]
    [InlineData("[DONE]", (int)EventSigns.End)]
    [InlineData("""{"choices":[{"delta":{"content":"x"},"finish_reason":null}]}""", (int)EventSigns.Token)]
    [InlineData("""{"choices": [{"delta": {"content": "x"}, "finish_reason": ""}]}""", (int)EventSigns.Token)]
    [InlineData("""{"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":null}]}""", (int)EventSigns.None)]
    [InlineData("""{"choices":[{"delta":{"content":null,"reasoning_content":"x"}}]}""", (int)EventSigns.Token)]
    [InlineData("""{"choices":[{"delta":{"tool_calls":[{"index":0}]}}]}""", (int)EventSigns.Token)]
    [InlineData("""{"choices":[{"delta":{"content":"x"},"finish_reason":"stop"}]}""", (int)(EventSigns.Token | EventSigns.Finish))]
    [InlineData("""{"error":{"code":"429"}}""", (int)EventSigns.Error)]
    [InlineData("""{"error":null,"choices":[]}""", (int)EventSigns.None)]
    [InlineData("""{"choices":[{"delta":{"content":"{\"error\":{},\"finish_reason\":\"stop\""}}]}""", (int)EventSigns.Token)]
    [InlineData(": ping", (int)EventSigns.None)]
    public void OpenAi_Data_ShowsItsSigns(string data, int signs) =>
        Assert.Equal((EventSigns)signs, EventClassifier.OpenAi(Encoding.UTF8.GetBytes(data), out _));

    [Theory]
    [InlineData("""{"type":"start","stream_id":"st_1","model":"m","question":"q"}""", (int)EventSigns.None)]
    [InlineData("""{"type":"delta","content":"x"}""", (int)EventSigns.Token)]
    [InlineData("""{"type":"reasoning","content":"x"}""", (int)EventSigns.Token)]
    [InlineData("""{"type":"tool","tool_calls":[]}""", (int)EventSigns.Token)]
    [InlineData("""{"type":"status","state":"retrying"}""", (int)EventSigns.None)]
    [InlineData("""{"type":"end","answer":"x"}""", (int)EventSigns.End)]
    [InlineData("""{"type":"error","code":"x"}""", (int)EventSigns.Error)]
    [InlineData("""{"type":"cancelled","answer":""}""", (int)EventSigns.Cancelled)]
    public void Native_Data_ShowsItsSigns(string data, int signs) =>
        Assert.Equal((EventSigns)signs, EventClassifier.Native(Encoding.UTF8.GetBytes(data), out _));

    [Fact]
    public void Stamp_InEitherDialect_IsRead()
    {
        Assert.Equal(EventSigns.Token, EventClassifier.Native("{\"type\":\"delta\",\"content\":\"@0000000000000000042@x\"}"u8, out var native));
        Assert.Equal(EventSigns.Token, EventClassifier.OpenAi("{\"choices\":[{\"delta\":{\"content\":\"@0000000000000000043@\"}}]}"u8, out var openAi));
        Assert.Equal((42, 43), (native, openAi));
    }

    [Fact]
    public void Stamp_LookAlike_IsNone()
    {
        EventClassifier.OpenAi("{\"choices\":[{\"delta\":{\"content\":\"@someone wrote this text@ x\"}}]}"u8, out var stamp);
        Assert.Equal(0, stamp);
    }

    [Theory]
    [InlineData("""{"error":{"code":"429","httpCode":429}}""", "error event 429")]
    [InlineData("""{"error":{"message":"x","code":null}}""", "error event")]
    public void ErrorCode_OfAnError_IsNamed(string data, string kind) => Assert.Equal(kind, EventClassifier.ErrorCode(Encoding.UTF8.GetBytes(data)));
}
