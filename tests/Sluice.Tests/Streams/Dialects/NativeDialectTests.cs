using System.Text.Json;
using Sluice.Chat;
using Sluice.Streams;
using Sluice.Tests.Support;

namespace Sluice.Tests.Streams.Dialects;

public sealed class NativeDialectTests
{
    [Fact]
    public async Task Begin_SaysWhatWasAsked()
    {
        var (id, data) = await RunAsync(new Script().Done(), "你好 \"x\" <b>\n");
        Assert.Equal($$"""{"type":"start","stream_id":"{{id}}","model":"chat","question":"你好 \"x\" <b>\n"}""", data[0]);
    }

    [Fact]
    public async Task Add_TextReasoningAndTool_AreEventsOfTheirOwn()
    {
        var (_, data) = await RunAsync(new Script().Chunk(
            """{"model":"m","choices":[{"index":0,"delta":{"content":"c","reasoning_content":"r","tool_calls":[{"index":0,"id":"t1","function":{"name":"f","arguments":"{\"a\":"}}]}}]}""").Done());
        Assert.Equal(
            ["""{"type":"reasoning","content":"r"}""", """{"type":"delta","content":"c"}""",
            """{"type":"tool","tool_calls":[{"index":0,"id":"t1","function":{"name":"f","arguments":"{\"a\":"}}]}"""],
            data.Skip(1).SkipLast(1));
    }

    [Theory]
    [InlineData("""你好，世界""")]
    [InlineData("""👩‍👩‍👧 🇨🇳""")]
    [InlineData("""\u4f60\ud83d\udc4d\/\"\\\n\t""")]
    [InlineData("""half \ud83d""")]
    [InlineData("""<script>&'+""")]
    public async Task Add_Text_StandsAsTheUpstreamWroteIt(string escaped)
    {
        var (_, data) = await RunAsync(new Script().Text(escaped).Finish().Done());
        Assert.Equal($$"""{"type":"delta","content":"{{escaped}}"}""", data[1]);
        Assert.StartsWith($$"""{"type":"end","answer":"{{escaped}}",""", data[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task End_HasEverything()
    {
        var (_, data) = await RunAsync(new Script().Role().Text("a").Text("b").Finish().Usage().Done());
        Assert.Equal("""{"type":"end","answer":"ab","finish_reason":"stop","usage":{"prompt_tokens":3,"completion_tokens":4},"model":"m-1","ttft_ms":0,"attempts":1}""", data[^1]);
    }

    [Fact]
    public async Task End_NothingWasSaid_HasNulls()
    {
        var (_, data) = await RunAsync(new Script().Done());
        Assert.Equal("""{"type":"end","answer":"","finish_reason":null,"usage":null,"model":"chat","ttft_ms":null,"attempts":1}""", data[^1]);
    }

    [Fact]
    public async Task End_TimeToFirstToken_CountsFromTheQuestionToTheFirstTokenOnly()
    {
        var gate = Script.New();
        var bench = new StreamBench(new Script().Role().Wait(gate.Task).Text("a").Finish().Done());
        var reading = bench.ReadAllAsync(bench.OpenNative());
        bench.Time.Advance(TimeSpan.FromMilliseconds(123.4567));
        gate.SetResult();
        Assert.Equal("123.457", EventText.Field(EventText.Data(await reading)[^1], "ttft_ms"));
    }

    [Fact]
    public async Task Fail_HasThePartialAnswer()
    {
        var (_, data) = await RunAsync(new Script().Text("半").Fail(new ChatProviderException(ChatErrorKind.Unauthorized, "no \"key\"")));
        Assert.Equal("""{"type":"error","code":"upstream_unauthorized","message":"no \"key\"","retryable":false,"answer":"半"}""", data[^1]);
    }

    [Fact]
    public async Task Cancel_HasThePartialAnswer()
    {
        var script = new Script().Text("a").Hang();
        var bench = new StreamBench(script);
        var session = bench.OpenNative();
        var reading = bench.ReadAllAsync(session);
        session.Cancel();
        Assert.Equal("""{"type":"cancelled","answer":"a"}""", EventText.Data(await reading)[^1]);
        Assert.Equal(StreamState.Cancelled, session.State);
    }

    [Fact]
    public async Task Add_AHugeEvent_LeavesNoHugeBufferWithTheThread()
    {
        var (_, data) = await RunAsync(new Script().Text(new string('x', 4_000_000)).Text("y").Finish().Done());
        Assert.Equal(4_000_001, EventText.Field(data[^1], "answer")!.Length);
    }

    [Fact]
    public async Task EveryEvent_IsOneJsonObjectOnOneLine()
    {
        var (_, data) = await RunAsync(new Script().Text("a").Chunk("{\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"t\"}]}}]}").Finish().Usage().Done());
        Assert.All(data, one =>
        {
            using var document = JsonDocument.Parse(one);
            Assert.Equal(JsonValueKind.Object, document.RootElement.ValueKind);
        });
    }

    private static async Task<(string Id, List<string> Data)> RunAsync(Script script, string question = "hi")
    {
        var bench = new StreamBench(script);
        var session = bench.OpenNative(question);
        return (session.Id.Value, EventText.Data(await bench.ReadAllAsync(session)));
    }
}
